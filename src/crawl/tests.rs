//! Does the conductor keep pace, order and manners?
