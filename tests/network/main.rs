//! Does the door to the network hold against what real servers do?
//!
//! The servers here are raw sockets on 127.0.0.1, since HTTP libraries refuse to misbehave.

#![cfg(feature = "crawl")]

mod bodies;
mod encodings;
mod fetch;
mod heads;
mod hops;
mod program;
mod server;
mod storm;
mod terminal;
mod tls;
mod visit;
