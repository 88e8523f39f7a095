//! What the vm lacks for a browser: a GIL as CPython's, interrupts of the main thread, and the record of what every
//! thread does when.
//!
//! The host (JavaScript) shares this memory: it raises signals by [`SIGNALS`], drains the record by [`RECORD`], and sees by
//! [`STATES`] and [`OWNERS`] who waits for what.

use crate::{PyResult, VirtualMachine, bytecode::Opcode};
use core::cell::Cell;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::*};
use core::time::Duration;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

#[link(wasm_import_module = "lanes")]
unsafe extern "C" {
    /// The number of this thread in its process; the main thread's is 0.
    fn thread() -> u32;
}

std::thread_local! {
    static THREAD: Cell<u32> = const { Cell::new(u32::MAX) };
    static HELD: Cell<bool> = const { Cell::new(false) };
    /// How often the GIL had been taken when this thread took it.
    static TAKEN_AT: Cell<u32> = const { Cell::new(0) };
    static PAUSE: Cell<Pause> = const { Cell::new(Pause { reason: Reason::Call, detail: 0, ends: false }) };
    /// The place of this thread in [`STATES`].
    static PLACE: Cell<Option<&'static State>> = const { Cell::new(None) };
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

/// The number of this thread in its process.
pub fn thread_number() -> u32 {
    THREAD.with(|number| {
        if number.get() == u32::MAX {
            // SAFETY: the host answers with a number and touches no memory.
            number.set(unsafe { thread() });
        }
        number.get()
    })
}

// ------------------------------------------------------------------------------------------------ the record

/// Events that the ring holds: a power of two.
const EVENTS: usize = 1 << 13;

/// What a thread does from an event on.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Kind {
    /// It waits for the GIL; the detail is the thread that holds it.
    Wait = 1,
    /// It runs Python.
    Run = 2,
    /// It let go: the reason says why, the detail where.
    Leave = 3,
    /// It has ended.
    End = 4,
}

/// Why a thread let go. The host knows some more, for what it carries out itself (www/worker.js).
#[derive(Clone, Copy, PartialEq)]
#[repr(u32)]
pub enum Reason {
    /// A call into native code or into the host.
    Call = 0,
    /// Another thread asked for the GIL.
    Asked = 1,
    /// A lock that another thread holds; the detail is the lock's address.
    Lock = 2,
    /// The end of another thread; the detail is what that thread has as `ident` in [`STATES`].
    Join = 3,
    /// `time.sleep`.
    Sleep = 4,
    /// An item of a queue, or room in it; here and below, the detail is the object's address.
    Queue = 5,
    /// An event.
    Event = 6,
    /// Another condition.
    Condition = 7,
    /// A semaphore.
    Semaphore = 10,
    /// The result of a future.
    Future = 15,
    /// The other parties of a barrier.
    Barrier = 16,
}

/// What a thread waits for.
#[derive(Clone, Copy)]
struct Pause {
    reason: Reason,
    detail: u32,
    /// Whether it ends without anybody's doing: by a timeout.
    ends: bool,
}

/// A ring of events that threads write and the host drains. An event is six words: its own number plus one when it is
/// complete, `kind | reason << 8 | ends << 16`, the thread, the detail, and the time in milliseconds since 1970 as an f64.
#[repr(C)]
pub struct Record {
    next: AtomicU32,
    events: [[AtomicU32; 6]; EVENTS],
}

/// The record of this process.
pub static RECORD: Record = Record { next: AtomicU32::new(0), events: [const { [const { AtomicU32::new(0) }; 6] }; EVENTS] };

/// The last event of a thread: the thread's number plus one, `ident`, and an event's words from the second on, without
/// the thread. Free if the first word is 0.
pub struct State([AtomicU32; 6]);

/// What each thread does now. There are more places than threads may live.
pub static STATES: [State; 160] = [const { State([const { AtomicU32::new(0) }; 6]) }; 160];

impl State {
    fn of_this_thread() -> Option<&'static Self> {
        PLACE.get().or_else(|| {
            let is_taken = |state: &&Self| state.0[0].compare_exchange(0, thread_number() + 1, SeqCst, Relaxed).is_ok();
            let place = STATES.iter().find(is_taken)?;
            place.0[1].store(crate::stdlib::_thread::get_ident() as u32, Relaxed);
            PLACE.set(Some(place));
            Some(place)
        })
    }
}

fn note(kind: Kind, reason: u32, detail: u32, ends: bool) {
    if ENDED.get() {
        return;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1e3;
    let what = kind as u32 | reason << 8 | u32::from(ends) << 16;
    let words = [what, detail, now.to_bits() as u32, (now.to_bits() >> 32) as u32];
    let number = RECORD.next.fetch_add(1, Relaxed);
    let event = &RECORD.events[number as usize % EVENTS];
    event[0].store(0, Release);
    let rest = [what, thread_number(), words[1], words[2], words[3]];
    event[1..].iter().zip(rest).for_each(|(to, word)| to.store(word, Relaxed));
    event[0].store(number.wrapping_add(1), Release);
    if let Some(state) = State::of_this_thread() {
        state.0[2..].iter().zip(words).for_each(|(to, word)| to.store(word, Relaxed));
    }
}

/// The host notes why this thread blocks in a call that it carries out, having let go.
pub extern "C" fn blocked(reason: u32, detail: u32, ends: u32) {
    if !HELD.get() {
        note(Kind::Leave, reason, detail, ends != 0);
    }
}

/// Runs `f`; where it lets go, the record says why.
fn because<R>(reason: Reason, detail: u32, ends: bool, f: impl FnOnce() -> R) -> R {
    let before = PAUSE.replace(Pause { reason, detail, ends });
    let result = f();
    PAUSE.set(before);
    result
}

/// What a thread waits for that waits for the lock at `address`: threading.py and what stands on it make all else of locks.
fn waits_for(address: u32) -> (Reason, u32) {
    let mut frame = crate::frame::current_thread_iframe();
    let mut found = (Reason::Lock, address);
    for _ in 0..3 {
        // SAFETY: the frames of this thread, which runs this.
        let Some(iframe) = (unsafe { frame.as_ref() }) else { break };
        let code = iframe.code();
        if !code.code.source_path.as_str().starts_with("/lib/") {
            break;
        }
        let reason = match code.code.qualname.as_str() {
            "Condition.wait" | "Condition.wait_for" => Reason::Condition,
            "Queue.get" | "Queue.put" | "Queue.join" => Reason::Queue,
            "Event.wait" => Reason::Event,
            "Semaphore.acquire" => Reason::Semaphore,
            "Future.result" | "Future.exception" => Reason::Future,
            "Barrier._enter" | "Barrier._wait" => Reason::Barrier,
            _ => break,
        };
        let itself = iframe.localsplus.fastlocals().first().and_then(Option::as_ref);
        found = (reason, itself.map_or(address, |object| crate::AsObject::get_id(object) as u32));
        frame = iframe.previous();
    }
    found
}

// --------------------------------------------------------------------------------------------------- the GIL

static ENABLED: AtomicBool = AtomicBool::new(false);
/// 0 while nobody holds the GIL, else 1 plus the holder's number.
static HOLDER: AtomicU32 = AtomicU32::new(0);
/// How often it has been taken.
static TAKEN: AtomicU32 = AtomicU32::new(0);
static WAITERS: AtomicU32 = AtomicU32::new(0);
/// Somebody has waited for the switch interval.
static ASKED: AtomicBool = AtomicBool::new(false);
/// Whoever let go on request waits for [`TAKEN`] to change.
static FORCED: AtomicBool = AtomicBool::new(false);

/// Chooses, before any Python runs, whether there is a GIL.
pub fn enable(on: bool) {
    ENABLED.store(on, SeqCst);
}

/// Whether there is a GIL.
pub fn enabled() -> bool {
    ENABLED.load(Relaxed)
}

/// Waits until `word` is not `value` any more, but no longer than `nanoseconds`. Says whether the time ran out.
fn wait(word: &AtomicU32, value: u32, nanoseconds: i64) -> bool {
    // SAFETY: the word is a static of four aligned bytes.
    unsafe { core::arch::wasm32::memory_atomic_wait32(word.as_ptr().cast(), value as i32, nanoseconds) == 2 }
}

fn wake(word: &AtomicU32, threads: u32) {
    // SAFETY: as above.
    unsafe { core::arch::wasm32::memory_atomic_notify(word.as_ptr().cast(), threads) };
}

/// The switch interval, in nanoseconds.
static INTERVAL: AtomicU64 = AtomicU64::new(5_000_000);

/// A thread comes to run Python: `take_gil` of CPython.
pub(crate) fn take(vm: &VirtualMachine) {
    INTERVAL.store((vm.state.switch_interval.load() * 1e9) as u64, Relaxed);
    take_again();
}

/// As [`take`], of a thread that let go only for a moment.
pub(crate) fn take_again() {
    if enabled() && !HELD.get() {
        let me = thread_number() + 1;
        if HOLDER.compare_exchange(0, me, Acquire, Relaxed).is_err() {
            WAITERS.fetch_add(1, SeqCst);
            note(Kind::Wait, 0, HOLDER.load(Relaxed).wrapping_sub(1), false);
            while let Err(holder) = HOLDER.compare_exchange(0, me, Acquire, Relaxed) {
                let taken = TAKEN.load(Relaxed);
                if wait(&HOLDER, holder, INTERVAL.load(Relaxed) as i64) && TAKEN.load(Relaxed) == taken && HOLDER.load(Relaxed) != 0 {
                    ASKED.store(true, Relaxed);
                }
            }
            WAITERS.fetch_sub(1, SeqCst);
        }
        HELD.set(true);
        ASKED.store(false, Relaxed);
        TAKEN_AT.set(TAKEN.fetch_add(1, SeqCst).wrapping_add(1));
        if FORCED.swap(false, Relaxed) {
            wake(&TAKEN, u32::MAX);
        }
    }
    at_border();
    note(Kind::Run, 0, 0, false);
}

static BORDER: AtomicU64 = AtomicU64::new(0);

/// Has `f` called whenever a thread begins or stops to run Python.
pub fn at_borders(f: fn()) {
    BORDER.store(f as usize as u64, SeqCst);
}

fn at_border() {
    let f = BORDER.load(Relaxed) as usize;
    if f != 0 {
        // SAFETY: only `at_borders` stores there.
        unsafe { core::mem::transmute::<usize, fn()>(f)() }
    }
}

/// A thread stops running Python: `drop_gil` of CPython.
pub(crate) fn release() {
    at_border();
    let Pause { reason, detail, ends } = PAUSE.get();
    note(Kind::Leave, reason as u32, detail, ends);
    release_quietly();
}

/// A thread ends, and runs Python no more.
pub(crate) fn end() {
    note(Kind::End, 0, 0, false);
    ENDED.set(true);
    if let Some(place) = PLACE.take() {
        place.0[0].store(0, SeqCst);
    }
    release_quietly();
}

fn release_quietly() {
    if HELD.replace(false) {
        HOLDER.store(0, Release);
        wake(&HOLDER, 1);
    }
}

/// Hands over to whoever waits, and does not come back before another thread had the GIL.
fn hand_over(vm: &VirtualMachine) {
    let mine = TAKEN_AT.get();
    because(Reason::Asked, 0, false, || {
        vm.allow_threads(|| {
            FORCED.store(true, Relaxed);
            while WAITERS.load(SeqCst) > 0 && TAKEN.load(SeqCst) == mine {
                wait(&TAKEN, mine, 1_000_000);
            }
        });
    });
}

// ----------------------------------------------------------------------------------- safepoints and interrupts

/// Whether threads are handed over and interrupted before this instruction: after a call, at a function's entry and at a
/// loop's back edge, as CPython does since 3.12. Anywhere else `n += 1` would lose updates that CPython never loses, and
/// an interrupt could come between the taking of a lock and the `try` that lets it go. `called` says whether the instruction
/// before was a call, and then whether this one is.
#[inline(always)]
pub(crate) fn is_safepoint(op: crate::bytecode::Instruction, called: &mut bool) -> bool {
    /// 1 for instructions to look before, 2 for those to look after.
    const POINTS: [u8; 256] = {
        let mut points = [0; 256];
        let before = [
            Opcode::JumpBackward as u8,
            Opcode::JumpBackwardJit as u8,
            Opcode::JumpBackwardNoJit as u8,
            Opcode::Resume as u8,
            Opcode::ResumeCheck as u8,
            Opcode::InstrumentedJumpBackward as u8,
            Opcode::InstrumentedResume as u8,
        ];
        let after = [
            Opcode::Call as u8,
            Opcode::CallKw as u8,
            Opcode::CallFunctionEx as u8,
            Opcode::InstrumentedCall as u8,
            Opcode::InstrumentedCallKw as u8,
            Opcode::InstrumentedCallFunctionEx as u8,
        ];
        let mut i = 0;
        while i < before.len() {
            points[before[i] as usize] = 1;
            i += 1;
        }
        i = 0;
        while i < after.len() {
            points[after[i] as usize] = 2;
            i += 1;
        }
        // The specialised calls stand side by side.
        i = Opcode::CallAllocAndEnterInit as usize;
        while i <= Opcode::CallType1 as usize {
            points[i] = 2;
            i += 1;
        }
        points
    };
    let point = POINTS[op.as_opcode() as u8 as usize];
    core::mem::replace(called, point == 2) || point == 1
}

/// One bit for each signal that the host or a thread has raised. The host sets bits and wakes who waits for the word.
pub static SIGNALS: AtomicU32 = AtomicU32::new(0);

/// What the main thread does for a signal.
pub type Handler = fn(&VirtualMachine, u32) -> PyResult<()>;

static HANDLER: AtomicU64 = AtomicU64::new(0);

/// Sets what the main thread does for a signal.
pub fn on_signal(handler: Handler) {
    HANDLER.store(handler as usize as u64, SeqCst);
}

/// Raises a signal in the main thread.
pub fn raise(signal: u32) {
    SIGNALS.fetch_or(1 << (signal & 31), SeqCst);
    wake(&SIGNALS, u32::MAX);
}

fn is_main() -> bool {
    thread_number() == 0
}

/// Whether a safepoint has anything to do here.
pub(crate) fn tripped() -> bool {
    crate::signal::eval_breaker_pending() || ASKED.load(Relaxed) && HELD.get() || SIGNALS.load(Relaxed) != 0 && is_main()
}

/// Does what [`tripped`] found.
pub(crate) fn check(vm: &VirtualMachine) -> PyResult<()> {
    if ASKED.load(Relaxed) && HELD.get() {
        hand_over(vm);
    }
    handle(vm)
}

/// Does what signals ask for, in the main thread.
///
/// # Errors
/// What their handlers raise.
pub fn handle(vm: &VirtualMachine) -> PyResult<()> {
    let handler = HANDLER.load(Relaxed);
    if handler == 0 || SIGNALS.load(Relaxed) == 0 || !is_main() {
        return Ok(());
    }
    let mut signals = SIGNALS.swap(0, SeqCst);
    // SAFETY: only `on_signal` stores there, and stores a `Handler`.
    let handler = unsafe { core::mem::transmute::<usize, Handler>(handler as usize) };
    while signals != 0 {
        let signal = signals.trailing_zeros();
        signals &= signals - 1;
        handler(vm, signal).inspect_err(|_| {
            SIGNALS.fetch_or(signals, SeqCst);
        })?;
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------------- waiting

/// How often the main thread looks for signals while it waits for a lock, which nothing but the lock can wake.
const LOOK: Duration = Duration::from_millis(50);
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Waits by `attempt`, which gets the longest time that it may take and says whether it succeeded, for `timeout` or for
/// ever. Only the main thread is interrupted.
fn wait_for(
    vm: &VirtualMachine,
    timeout: Option<Duration>,
    mut attempt: impl FnMut(Duration) -> bool,
) -> PyResult<bool> {
    let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let slice = if is_main() { LOOK } else { FOR_EVER };
    loop {
        let done = vm.allow_threads(|| {
            loop {
                let left = until.map_or(slice, |until| until.saturating_duration_since(Instant::now()));
                if attempt(left.min(slice)) {
                    return Some(true);
                }
                if left <= slice && until.is_some_and(|until| Instant::now() >= until) {
                    return Some(false);
                }
                if is_main() && SIGNALS.load(Relaxed) != 0 {
                    return None;
                }
            }
        });
        match done {
            Some(done) => return Ok(done),
            None => handle(vm)?,
        }
    }
}

/// Who took which lock last: by a hash of its address, `address << 32 | thread`. A lock that shares its place with
/// another is forgotten; who asks is then told that the holder is not known.
pub static OWNERS: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

fn owner_of(address: u32) -> &'static AtomicU64 {
    &OWNERS[(address.wrapping_mul(0x9e37_79b9) >> 22) as usize]
}

fn address_of<T>(of: &T) -> u32 {
    core::ptr::from_ref(of) as usize as u32
}

fn note_owner<M>(lock: &M) {
    let address = address_of(lock);
    owner_of(address).store(u64::from(address) << 32 | u64::from(thread_number()), Relaxed);
}

/// Takes a lock at once, if nobody has it.
pub(crate) fn try_acquire<M>(lock: &M, try_lock: impl Fn(&M) -> bool) -> bool {
    let taken = try_lock(lock);
    if taken {
        note_owner(lock);
    }
    taken
}

/// Takes a lock, and waits for it as [`wait_for`] does.
pub(crate) fn acquire<M>(
    vm: &VirtualMachine,
    lock: &M,
    timeout: Option<Duration>,
    try_lock: impl Fn(&M) -> bool,
    try_lock_for: impl Fn(&M, Duration) -> bool,
) -> PyResult<bool> {
    if try_acquire(lock, &try_lock) {
        return Ok(true);
    }
    let (reason, detail) = waits_for(address_of(lock));
    because(reason, detail, timeout.is_some(), || {
        wait_for(vm, timeout, |time| try_acquire(lock, |lock| try_lock_for(lock, time)))
    })
}

/// Takes a lock again that a condition has let go: nothing interrupts that.
pub(crate) fn acquire_again<M>(vm: &VirtualMachine, lock: &M, wait: impl FnOnce(&M)) {
    because(Reason::Lock, address_of(lock), false, || vm.allow_threads(|| wait(lock)));
    note_owner(lock);
}

/// Waits until `done`, for the end of the thread `ident`.
pub(crate) fn join(
    vm: &VirtualMachine,
    timeout: Option<Duration>,
    ended: &parking_lot::Condvar,
    done: &mut parking_lot::MutexGuard<'_, bool>,
    ident: u64,
) -> PyResult<bool> {
    because(Reason::Join, ident as u32, timeout.is_some(), || {
        wait_for(vm, timeout, |time| {
            if !**done {
                ended.wait_for(done, time);
            }
            **done
        })
    })
}

/// Waits for an item of a `SimpleQueue`, of which there are `count`, until the time is up or the main thread has a signal.
pub fn await_item(
    vm: &VirtualMachine,
    until: Option<Instant>,
    came: &parking_lot::Condvar,
    count: &mut parking_lot::MutexGuard<'_, usize>,
) {
    let slice = if is_main() { LOOK } else { FOR_EVER };
    because(Reason::Queue, address_of(came), until.is_some(), || {
        vm.allow_threads(|| {
            while **count == 0 && !(is_main() && SIGNALS.load(Relaxed) != 0) {
                let left = until.map_or(slice, |until| until.saturating_duration_since(Instant::now()));
                if left.is_zero() {
                    break;
                }
                came.wait_for(count, left.min(slice));
            }
        });
    });
}

/// Sleeps. The main thread wakes for a signal, and goes on sleeping if its handler raises nothing.
///
/// # Errors
/// What the handler raises.
pub fn sleep(vm: &VirtualMachine, time: Duration) -> PyResult<()> {
    because(Reason::Sleep, 0, true, || {
        wait_for(vm, Some(time), |time| {
            let nanoseconds = i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
            if is_main() {
                wait(&SIGNALS, 0, nanoseconds);
            } else {
                static NEVER: AtomicU32 = AtomicU32::new(0);
                wait(&NEVER, 0, nanoseconds);
            }
            false
        })
        .map(drop)
    })
}

/// Runs native code over so many bytes. For more than 2047 of them it lets go of the GIL, as CPython's hashlib does.
pub fn natively<R>(bytes: usize, f: impl FnOnce() -> R) -> R {
    if bytes < 2048 {
        return f();
    }
    crate::vm::thread::with_current_vm(|vm| vm.allow_threads(f))
}

/// What a thread may use of its stack in native recursion, in bytes. The browser's own stack is the narrower one, and
/// cannot be asked: this is what fits into it in all of them.
pub(crate) const STACK: usize = 320 * 1024;
