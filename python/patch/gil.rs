//! What the vm lacks for a browser: a GIL as CPython's, interrupts of the main thread, and the record of what every
//! thread does when.
//!
//! The host (JavaScript) shares this memory: it raises signals by [`SIGNALS`] and drains the record by [`RECORD`].

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
    static REASON: Cell<(Reason, u32)> = const { Cell::new((Reason::Call, 0)) };
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

/// Why a thread let go. The host has some more, for calls that it carries out (kernel.js).
#[derive(Clone, Copy, PartialEq)]
#[repr(u32)]
pub enum Reason {
    /// A call into native code or into the host.
    Call = 0,
    /// Another thread asked for the GIL.
    Asked = 1,
    /// A lock that another thread holds; the detail is the lock's address.
    Lock = 2,
    /// The end of another thread.
    Join = 3,
    /// `time.sleep`.
    Sleep = 4,
}

/// A ring of events that threads write and the host drains. An event is six words: its own number plus one when it is
/// complete, `kind | reason << 8`, the thread, the detail, and the time in milliseconds since 1970 as an f64.
#[repr(C)]
pub struct Record {
    next: AtomicU32,
    events: [[AtomicU32; 6]; EVENTS],
}

/// The record of this process.
pub static RECORD: Record = Record { next: AtomicU32::new(0), events: [const { [const { AtomicU32::new(0) }; 6] }; EVENTS] };

fn note(kind: Kind, reason: Reason, detail: u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1e3;
    let number = RECORD.next.fetch_add(1, Relaxed);
    let event = &RECORD.events[number as usize % EVENTS];
    event[0].store(0, Release);
    event[1].store(kind as u32 | (reason as u32) << 8, Relaxed);
    event[2].store(thread_number(), Relaxed);
    event[3].store(detail, Relaxed);
    event[4].store(now.to_bits() as u32, Relaxed);
    event[5].store((now.to_bits() >> 32) as u32, Relaxed);
    event[0].store(number.wrapping_add(1), Release);
}

/// Runs `f`; where it lets go, the record says why.
pub fn because<R>(reason: Reason, detail: u32, f: impl FnOnce() -> R) -> R {
    let before = REASON.with(|now| now.replace((reason, detail)));
    let result = f();
    REASON.with(|now| now.set(before));
    result
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
            note(Kind::Wait, Reason::Call, HOLDER.load(Relaxed).wrapping_sub(1));
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
    note(Kind::Run, Reason::Call, 0);
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
    let (reason, detail) = REASON.get();
    note(Kind::Leave, reason, detail);
    release_quietly();
}

/// A thread ends, and runs Python no more.
pub(crate) fn end() {
    note(Kind::End, Reason::Call, 0);
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
    because(Reason::Asked, 0, || {
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

/// Waits by `attempt`, which gets the longest time that it may take and says whether it succeeded, for `timeout` or for
/// ever. Only the main thread is interrupted.
fn wait_for(
    vm: &VirtualMachine,
    timeout: Option<Duration>,
    mut attempt: impl FnMut(Duration) -> bool,
) -> PyResult<bool> {
    let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let slice = if is_main() { LOOK } else { Duration::from_secs(3600) };
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
static OWNERS: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

fn owner_of(address: u32) -> &'static AtomicU64 {
    &OWNERS[(address.wrapping_mul(0x9e37_79b9) >> 22) as usize]
}

/// Who took the lock at `address` last, if that is known.
pub fn last_owner(address: u32) -> Option<u32> {
    let owner = owner_of(address).load(Relaxed);
    ((owner >> 32) as u32 == address).then_some(owner as u32)
}

/// Takes a lock at once, if nobody has it.
pub(crate) fn try_acquire<M>(lock: &M, try_lock: impl Fn(&M) -> bool) -> bool {
    let taken = try_lock(lock);
    if taken {
        let address = core::ptr::from_ref(lock) as usize as u32;
        owner_of(address).store(u64::from(address) << 32 | u64::from(thread_number()), Relaxed);
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
    because(Reason::Lock, core::ptr::from_ref(lock) as usize as u32, || {
        wait_for(vm, timeout, |time| try_acquire(lock, |lock| try_lock_for(lock, time)))
    })
}

/// Waits until `done`, for the end of a thread.
pub(crate) fn join(
    vm: &VirtualMachine,
    timeout: Option<Duration>,
    ended: &parking_lot::Condvar,
    done: &mut parking_lot::MutexGuard<'_, bool>,
) -> PyResult<bool> {
    because(Reason::Join, 0, || {
        wait_for(vm, timeout, |time| {
            if !**done {
                ended.wait_for(done, time);
            }
            **done
        })
    })
}

/// Sleeps. The main thread wakes for a signal, and goes on sleeping if its handler raises nothing.
///
/// # Errors
/// What the handler raises.
pub fn sleep(vm: &VirtualMachine, time: Duration) -> PyResult<()> {
    because(Reason::Sleep, 0, || {
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

/// What a thread may use of its stack in native recursion, in bytes. The browser's own stack is the narrower one, and
/// cannot be asked: this is what fits into it in all of them.
pub(crate) const STACK: usize = 320 * 1024;
