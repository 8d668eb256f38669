//! What must one know of Vietnamese, and of how its newspapers print it?

pub mod byline;
pub mod dateline;
pub mod dates;
mod language;
pub mod legacy;
pub mod phrases;
mod syllable;
pub mod text;
