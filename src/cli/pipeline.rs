//! How do many cores read pages, and their outcomes yet come out in the order in which the pages came?
//!
//! Three parties: a feeder thread takes the next page when it is asked to; the pool's threads read pages; the caller's thread asks,
//! hands out, puts the outcomes in order and gives them away. Only the caller knows how much is in flight, so no lock is needed.
//! What is in flight is bounded by a [`Window`]: one slow page holds up the giving, never the memory.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rayon::{Scope, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::stop::Signal;

/// How much stack a reading thread has. Only what is used is ever taken from the system.
const STACK: usize = 16 << 20;

/// How much may be in flight: taken from the input and not given away yet.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// So many pages at most.
    pub pages: usize,
    /// No page is taken while the pages in flight weigh so much or more; the last one taken may go over.
    pub bytes: usize,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every page of the input came out.
    All,
    /// A signal came: what was in hand came out, nothing more was taken.
    Stopped(Signal),
}

/// Threads that read pages.
pub struct Pipeline {
    pool: ThreadPool,
    window: Window,
}

/// What the caller's thread is told.
enum Event<I, T> {
    /// The input's answer to one question.
    Came(thread::Result<Option<I>>),
    /// The outcome of the page with this number.
    Done(usize, thread::Result<T>),
    /// Take no more.
    Stop(Signal),
}

/// A page in flight.
struct Slot<T> {
    weight: usize,
    outcome: Option<T>,
}

impl Pipeline {
    /// `jobs` threads that wait for pages.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn new(jobs: usize, window: Window) -> Result<Self, ThreadPoolBuildError> {
        let pool = ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK).thread_name(|number| format!("reader {number}")).build()?;
        Ok(Self { pool, window })
    }

    /// Reads every item of `input` and gives the outcomes to `give` in the input's order, each with how many are still in flight.
    ///
    /// `weigh` says what an item weighs in bytes. A signal from `stops` ends the taking; what was taken is still read and given.
    ///
    /// # Errors
    ///
    /// The first error of `give`; nothing is given after it.
    ///
    /// # Panics
    ///
    /// When `read` or the input does: their panic goes on here.
    pub fn run<I, T>(
        &self,
        input: impl Iterator<Item = I> + Send + 'static,
        stops: Receiver<Signal>,
        weigh: impl Fn(&I) -> usize,
        read: impl Fn(I) -> T + Sync,
        mut give: impl FnMut(T, usize) -> io::Result<()>,
    ) -> io::Result<End>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let (tell, events) = mpsc::channel();
        let ask = feeder(input, tell.clone());
        forward(stops, tell.clone());
        let read = &read;
        self.pool.in_place_scope(|scope| {
            let mut flight = Flight { slots: VecDeque::new(), first: 0, bytes: 0 };
            let mut asked = false;
            let mut ended = None;
            loop {
                if !asked && ended.is_none() && flight.has_room(self.window) {
                    asked = ask.send(()).is_ok();
                }
                if let Some(end) = ended
                    && flight.slots.is_empty()
                {
                    return Ok(end);
                }
                match events.recv().expect("this thread holds a sender itself") {
                    Event::Came(item) => {
                        asked = false;
                        match item.unwrap_or_else(|panic| resume_unwind(panic)) {
                            Some(item) if ended.is_none() => {
                                let number = flight.push(weigh(&item));
                                hand_out(scope, number, item, read, tell.clone());
                            }
                            // Taken from the input when the signal came: it was not begun, and nothing is said of it.
                            Some(_) => {}
                            None => ended = ended.or(Some(End::All)),
                        }
                    }
                    Event::Done(number, outcome) => {
                        flight.fill(number, outcome.unwrap_or_else(|panic| resume_unwind(panic)));
                        while let Some((outcome, left)) = flight.pop() {
                            give(outcome, left)?;
                        }
                    }
                    Event::Stop(signal) => ended = Some(End::Stopped(signal)),
                }
            }
        })
    }
}

/// The pages in flight, in the input's order.
struct Flight<T> {
    slots: VecDeque<Slot<T>>,
    /// The number of the page in the first slot.
    first: usize,
    bytes: usize,
}

impl<T> Flight<T> {
    fn has_room(&self, window: Window) -> bool {
        self.slots.len() < window.pages && self.bytes < window.bytes
    }

    fn push(&mut self, weight: usize) -> usize {
        self.bytes += weight;
        self.slots.push_back(Slot { weight, outcome: None });
        self.first + self.slots.len() - 1
    }

    fn fill(&mut self, number: usize, outcome: T) {
        self.slots[number - self.first].outcome = Some(outcome);
    }

    /// The next outcome in the input's order, when it is there, and how many pages are in flight without it.
    fn pop(&mut self) -> Option<(T, usize)> {
        let outcome = self.slots.front_mut()?.outcome.take()?;
        let slot = self.slots.pop_front()?;
        self.first += 1;
        self.bytes -= slot.weight;
        Some((outcome, self.slots.len()))
    }
}

/// A thread of its own for the input, which may wait for a pipe for ever: nobody waits for this thread's end.
fn feeder<I: Send + 'static, T: Send + 'static>(
    mut input: impl Iterator<Item = I> + Send + 'static,
    tell: Sender<Event<I, T>>,
) -> Sender<()> {
    let (ask, asked) = mpsc::channel();
    thread::spawn(move || {
        for () in asked {
            let item = catch_unwind(AssertUnwindSafe(|| input.next()));
            if tell.send(Event::Came(item)).is_err() {
                return;
            }
        }
    });
    ask
}

/// A thread of its own that turns signals into events; it ends with the senders of the signals, or with the run.
fn forward<I: Send + 'static, T: Send + 'static>(stops: Receiver<Signal>, tell: Sender<Event<I, T>>) {
    thread::spawn(move || {
        for signal in stops {
            if tell.send(Event::Stop(signal)).is_err() {
                return;
            }
        }
    });
}

fn hand_out<'s, I: Send + 'static, T: Send + 'static>(
    scope: &Scope<'s>,
    number: usize,
    item: I,
    read: &'s (impl Fn(I) -> T + Sync),
    tell: Sender<Event<I, T>>,
) {
    scope.spawn(move |_| {
        let outcome = catch_unwind(AssertUnwindSafe(|| read(item)));
        // When nobody listens any more, `give` has failed, and the run with it.
        let _ = tell.send(Event::Done(number, outcome));
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Condvar, Mutex};

    use super::*;

    fn never() -> Receiver<Signal> {
        mpsc::channel().1
    }

    fn pipeline(jobs: usize, pages: usize, bytes: usize) -> Pipeline {
        Pipeline::new(jobs, Window { pages, bytes }).expect("threads")
    }

    /// Work that takes now long, now short.
    fn spin(number: u64) -> u64 {
        let rounds = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
        (0..rounds).fold(number, |sum, round| std::hint::black_box(sum ^ round)) ^ (0..rounds).fold(0, |sum, round| sum ^ round)
    }

    #[test]
    fn outcomes_come_in_the_order_of_the_input_however_long_each_takes() {
        for jobs in [1, 2, 7] {
            let mut given = Vec::new();
            let end = pipeline(jobs, 16, usize::MAX)
                .run(
                    0..2000_u64,
                    never(),
                    |_| 1,
                    spin,
                    |number, _| {
                        given.push(number);
                        Ok(())
                    },
                )
                .expect("nothing fails");
            assert_eq!(end, End::All);
            assert!(given.iter().copied().eq(0..2000), "{jobs} jobs");
        }
    }

    #[test]
    fn the_last_outcome_is_given_with_nothing_left_in_flight() {
        let mut left = Vec::new();
        pipeline(2, 4, usize::MAX)
            .run(
                0..10_u64,
                never(),
                |_| 1,
                spin,
                |_, in_flight| {
                    left.push(in_flight);
                    Ok(())
                },
            )
            .expect("nothing fails");
        assert_eq!(left.len(), 10);
        assert_eq!(left[9], 0);
        assert!(left.iter().all(|&in_flight| in_flight < 4), "{left:?}");
    }

    /// The most items, and the most weight, that were ever taken from the input and not given yet.
    fn peak(pages: usize, bytes: usize, weights: &'static [usize]) -> (usize, usize) {
        let taken: Arc<[AtomicUsize; 2]> = Arc::default();
        let (mut given, mut peak) = ([0, 0], (0, 0));
        let counted = Arc::clone(&taken);
        let input = weights.iter().map(move |&weight| {
            counted[0].fetch_add(1, Ordering::SeqCst);
            counted[1].fetch_add(weight, Ordering::SeqCst);
            weight
        });
        let read = |weight| (weight, spin(weight as u64)).0;
        pipeline(3, pages, bytes)
            .run(
                input,
                never(),
                |&weight| weight,
                read,
                |weight, _| {
                    let [count, sum] = [0, 1].map(|place| taken[place].load(Ordering::SeqCst) - given[place]);
                    peak = (peak.0.max(count), peak.1.max(sum));
                    given = [given[0] + 1, given[1] + weight];
                    Ok(())
                },
            )
            .expect("nothing fails");
        assert_eq!(given[0], weights.len());
        peak
    }

    #[test]
    fn no_more_pages_are_in_flight_than_the_window_has() {
        static LIGHT: [usize; 500] = [1; 500];
        let (count, _) = peak(5, usize::MAX, &LIGHT);
        assert!((1..=5).contains(&count), "{count}");
    }

    #[test]
    fn heavy_pages_are_in_flight_a_few_at_a_time() {
        static HEAVY: [usize; 100] = [40; 100];
        static HUGE: [usize; 10] = [1000; 10];
        let (count, bytes) = peak(50, 100, &HEAVY);
        assert!(bytes <= 120, "two of 40 leave room for one more: {bytes}");
        assert!(count <= 3, "{count}");
        assert_eq!(peak(50, 100, &HUGE), (1, 1000), "a page over the window goes alone");
    }

    #[test]
    fn one_slow_page_holds_the_window_and_not_the_memory() {
        let gate = (Mutex::new(false), Condvar::new());
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let input = (0..100_usize).inspect(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        // The first page is done only when the last of the window is; what comes later must wait for it.
        let read = |number| {
            if number == 7 {
                *gate.0.lock().expect("no panic") = true;
                gate.1.notify_all();
            }
            if number == 0 {
                drop(gate.1.wait_while(gate.0.lock().expect("no panic"), |open| !*open));
                assert_eq!(taken.load(Ordering::SeqCst), 8);
            }
            number
        };
        let mut given = 0;
        pipeline(2, 8, usize::MAX)
            .run(
                input,
                never(),
                |_| 1,
                read,
                |_, _| {
                    given += 1;
                    Ok(())
                },
            )
            .expect("nothing fails");
        assert_eq!(given, 100);
    }

    #[test]
    fn a_failing_sink_ends_the_run() {
        let mut given = 0;
        let end = pipeline(2, 4, usize::MAX).run(
            0..1_000_000_u64,
            never(),
            |_| 1,
            spin,
            |_, _| {
                given += 1;
                if given == 3 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
            },
        );
        assert_eq!(end.expect_err("the sink failed").kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(given, 3);
    }

    #[test]
    fn a_signal_ends_the_taking_even_while_the_input_waits_for_ever() {
        let (stop, stops) = mpsc::channel();
        let (_open, silent) = mpsc::channel::<u64>();
        let mut given = Vec::new();
        let end = pipeline(2, 4, usize::MAX)
            .run(
                (0..3).chain(silent),
                stops,
                |_| 1,
                spin,
                |number, _| {
                    given.push(number);
                    if number == 2 {
                        stop.send(Signal::Interrupt).expect("the run listens");
                    }
                    Ok(())
                },
            )
            .expect("nothing fails");
        assert_eq!(end, End::Stopped(Signal::Interrupt));
        assert_eq!(given, [0, 1, 2]);
    }

    #[test]
    fn a_panic_in_a_page_goes_on_here_and_does_not_hang() {
        let run = || pipeline(2, 4, usize::MAX).run(0..10, never(), |_| 1, |number| assert_ne!(number, 5), |(), _| Ok(()));
        catch_unwind(AssertUnwindSafe(run)).expect_err("the reading of 5 panics");
    }
}
