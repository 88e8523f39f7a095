//! Memory from caches of each thread's own. The libc's allocator has one lock, at which threads without a GIL queue.
//!
//! By hand, as the crates that cache by thread are written for machines with virtual memory: they take tens of megabytes for
//! each heap. Small blocks are never given back to the libc, but to other threads.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::ptr::null_mut;
use std::sync::Mutex;

#[global_allocator]
static ALLOCATOR: Caching = Caching;

struct Caching;

/// Blocks of up to 512 bytes are cached, in classes of 16 bytes.
const CLASSES: usize = 32;
const STEP: usize = 16;
/// How many blocks change hands at once.
const BATCH: u32 = 64;
/// How much is taken from the libc at once, in bytes.
const CHUNK: usize = 16 * 1024;

/// A block that is free. In the first of a batch the second word leads to another batch.
struct Free {
    next: *mut Free,
    batch: *mut Free,
}

#[derive(Clone, Copy)]
struct List {
    head: *mut Free,
    length: u32,
}

/// The batches of a class that belong to nobody.
struct Shared(Mutex<*mut Free>);

// SAFETY: what the pointer leads to belongs to whoever holds the lock.
unsafe impl Sync for Shared {}

static SHARED: [Shared; CLASSES] = [const { Shared(Mutex::new(null_mut())) }; CLASSES];

thread_local! {
    static LISTS: UnsafeCell<[List; CLASSES]> =
        const { UnsafeCell::new([List { head: null_mut(), length: 0 }; CLASSES]) };
    /// How much of a thread's life is left for its cache: 0 before the first block, 1 while there is one, 2 at its end.
    static STAGE: Cell<u8> = const { Cell::new(0) };
    static GIVES_BACK: GivesBack = const { GivesBack };
}

/// Gives what a thread has cached to the others when it ends.
struct GivesBack;

impl Drop for GivesBack {
    fn drop(&mut self) {
        STAGE.set(2);
        for class in 0..CLASSES {
            with_list(class, |list| {
                if !list.head.is_null() {
                    share(class, list.head);
                    *list = List { head: null_mut(), length: 0 };
                }
            });
        }
    }
}

fn with_list<R>(class: usize, f: impl FnOnce(&mut List) -> R) -> R {
    // SAFETY: no other thread has it, and `f` neither allocates nor frees.
    LISTS.with(|lists| f(unsafe { &mut (*lists.get())[class] }))
}

fn class_of(layout: &Layout) -> Option<usize> {
    (layout.size() <= CLASSES * STEP && layout.align() <= STEP).then(|| layout.size().saturating_sub(1) / STEP)
}

fn share(class: usize, batch: *mut Free) {
    let mut first = SHARED[class].0.lock().expect("nothing panics while it is held");
    // SAFETY: the caller gives the batch away.
    unsafe { (*batch).batch = *first };
    *first = batch;
}

/// A batch of at least one block; null if there is no memory.
#[cold]
fn batch(class: usize) -> *mut Free {
    let mut first = SHARED[class].0.lock().expect("nothing panics while it is held");
    let batch = *first;
    if !batch.is_null() {
        // SAFETY: it is the lock holder's.
        *first = unsafe { (*batch).batch };
        return batch;
    }
    drop(first);
    let size = (class + 1) * STEP;
    let count = CHUNK / size;
    let Ok(layout) = Layout::from_size_align(count * size, STEP) else { return null_mut() };
    // SAFETY: the layout has a size, and the blocks lie in what it gives.
    unsafe {
        let chunk = System.alloc(layout);
        if chunk.is_null() {
            return null_mut();
        }
        let mut next = null_mut();
        for block in (0..count).rev() {
            let free = chunk.add(block * size).cast::<Free>();
            free.write(Free { next, batch: null_mut() });
            next = free;
        }
        next
    }
}

#[cold]
fn refill(class: usize) -> *mut u8 {
    if STAGE.get() == 0 {
        STAGE.set(1);
        // This has it dropped when the thread ends.
        GIVES_BACK.with(|_| ());
    }
    let first = batch(class);
    if first.is_null() {
        return null_mut();
    }
    // SAFETY: the batch is ours now.
    let rest = unsafe { (*first).next };
    if !rest.is_null() {
        if STAGE.get() == 2 {
            share(class, rest);
        } else {
            with_list(class, |list| {
                let mut length = 0;
                let mut at = rest;
                let mut last = rest;
                while !at.is_null() {
                    length += 1;
                    last = at;
                    // SAFETY: as above.
                    at = unsafe { (*at).next };
                }
                // The registering above may have filled the list meanwhile.
                // SAFETY: as above.
                unsafe { (*last).next = list.head };
                *list = List { head: rest, length: list.length + length };
            });
        }
    }
    first.cast()
}

/// Gives a batch to the others.
#[cold]
fn spill(class: usize) {
    let batch = with_list(class, |list| {
        let batch = list.head;
        let mut last = batch;
        for _ in 1..BATCH {
            // SAFETY: the list is longer than that.
            last = unsafe { (*last).next };
        }
        // SAFETY: as above.
        list.head = unsafe { (*last).next };
        list.length -= BATCH;
        // SAFETY: as above.
        unsafe { (*last).next = null_mut() };
        batch
    });
    share(class, batch);
}

// SAFETY: a block has its class's size and is in one list at most; all else is the libc's.
unsafe impl GlobalAlloc for Caching {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class_of(&layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.alloc(layout) };
        };
        let block = with_list(class, |list| {
            let block = list.head;
            if !block.is_null() {
                // SAFETY: it is in our list.
                list.head = unsafe { (*block).next };
                list.length -= 1;
            }
            block
        });
        if block.is_null() { refill(class) } else { block.cast() }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(class) = class_of(&layout) else {
            // SAFETY: the caller's promise.
            return unsafe { System.dealloc(block, layout) };
        };
        let block = block.cast::<Free>();
        if STAGE.get() == 2 {
            // SAFETY: the caller gives it up.
            unsafe { (*block).next = null_mut() };
            return share(class, block);
        }
        let length = with_list(class, |list| {
            // SAFETY: as above.
            unsafe { (*block).next = list.head };
            list.head = block;
            list.length += 1;
            list.length
        });
        // Some kilobytes of each class stay.
        if length > 2 * BATCH + (8192 / ((class + 1) * STEP)) as u32 {
            spill(class);
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise; the new layout has a size and the old alignment.
        unsafe {
            let new = Layout::from_size_align_unchecked(size, layout.align());
            match (class_of(&layout), class_of(&new)) {
                (None, None) => System.realloc(block, layout, size),
                (Some(before), Some(after)) if before == after => block,
                _ => {
                    let to = self.alloc(new);
                    if !to.is_null() {
                        block.copy_to_nonoverlapping(to, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    to
                }
            }
        }
    }
}
