//! What must one know of Vietnamese, and of how its newspapers print it?

pub mod dates;
