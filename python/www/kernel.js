// What processes share: streams with a bound, semaphores, bytes, process slots with exit codes, and the output. All of it
// stands in one SharedArrayBuffer that every worker of a run has, and is reached by Atomics: nobody serves it.
//
// Every function here returns at once or blocks its worker. What fails returns a negative errno of WASI.

export const EAGAIN = 6, EBADF = 8, ECHILD = 12, EINTR = 27, EINVAL = 28, EMFILE = 33, ENOENT = 44, ENOMEM = 48,
  ENOSPC = 51, ENOSYS = 52, EPIPE = 64, ESRCH = 71, ETIMEDOUT = 73;

// The memory of a process in pages of 64 KiB, at first and at most, as .cargo/config.toml has it.
export const PAGES = { initial: 256, maximum: 16384 };

// The bounds of a run.
export const PROCESSES = 48, STREAMS = 256, SEMAPHORES = 4096, THREADS = 128, SHARED = 8 << 20, SEGMENTS = 256;
const PIPE = 65536, OUTPUT = 1 << 18;

// Words of the buffer.
const SEQUENCE = 0, WAITERS = 1, NEXT_PID = 2, SHARED_USED = 3, OUT_HEAD = 4, OUT_TAIL = 5, OUT_SEQ = 6, OUT_LOCK = 7,
  NAMES_LOCK = 8, FROZEN = 9, NEVER = 10, OUT_TOTAL = 11, OUT_LIMIT = 12;
const SEMS = 16;
// Who has taken a semaphore that one alone can have: 1 + process << 24 + thread; -1 for those that several can have.
const OWNERS = SEMS + SEMAPHORES;
// A stream has two ends and two rings; ring 0 is written by end 0 and read by end 1.
const STREAM = OWNERS + SEMAPHORES, STREAM_WORDS = 16;
const USED = 0, REFS = 1, NONBLOCK = 3, RING = 4; // two words of REFS and NONBLOCK
const HEAD = 0, TAIL = 1, SEQ = 2, WRITE_LOCK = 3, READ_LOCK = 4, RING_WORDS = 6;
const PROCESS = STREAM + STREAMS * STREAM_WORDS, PROCESS_WORDS = 8;
const STATE = 0, CODE = 1, PID = 2, PARENT = 3, LIVE = 4, NEXT_THREAD = 5;
export const FREE = 0, RESERVED = 1, RUNNING = 2, ZOMBIE = 3;
const NAME = PROCESS + PROCESSES * PROCESS_WORDS; // listeners: one word of hash and one of stream for each
const NAMES = 64;
const SEGMENT = NAME + NAMES * 2; // segments of shared bytes: hash of the name, offset, size, version
const COUNTS = (SEGMENT + SEGMENTS * 4) * 4; // how often each process holds each end, in bytes
const DATA = (COUNTS + PROCESSES * STREAMS * 2 + 7) & ~7;
const OUT_DATA = DATA + STREAMS * 2 * PIPE;
const HEAP = OUT_DATA + OUTPUT;

/// The first descriptor of a stream: `FIRST + 2 * stream + end`.
export const FIRST = 1000, LAST = FIRST + 2 * STREAMS;

/// How much of a kernel's memory is for what.
export const SIZE = HEAP + SHARED;

/// Makes a kernel's memory ready for a run that may write `output` bytes to stdout, and a little more to stderr.
export function format(buffer, output) {
  const words = new Int32Array(buffer);
  words[NEXT_PID] = 4242;
  words[OUT_LIMIT] = output;
}

/// The kernel as the process in `slot` sees it. `interrupted` says whether this worker is to stop waiting; only a
/// worker that says so looks, every 50 ms. `blocked(reason, detail, ends)` hears why a worker begins to wait, and whether
/// that ends by itself.
export function kernel(buffer, slot, interrupted, blocked) {
  const words = new Int32Array(buffer), bytes = new Uint8Array(buffer);
  const counts = bytes.subarray(COUNTS, COUNTS + PROCESSES * STREAMS * 2);
  const { load, store, add, sub, compareExchange, notify } = Atomics;
  const me = slot + 1;
  const process = (of) => PROCESS + of * PROCESS_WORDS;
  const stream = (fd) => STREAM + ((fd - FIRST) >> 1) * STREAM_WORDS;
  const end = (fd) => (fd - FIRST) & 1;
  const ring = (fd, reads) => stream(fd) + RING + (end(fd) ^ (reads ? 1 : 0)) * RING_WORDS;
  const data = (fd, reads) => DATA + (((fd - FIRST) >> 1) * 2 + (end(fd) ^ (reads ? 1 : 0))) * PIPE;
  // A process that was ended may run on for a moment until its workers are gone: it must do nothing more.
  const born = slot === 0 ? 0 : words[process(slot) + PID];
  const alive = () => {
    while (load(words, process(slot) + STATE) !== RUNNING || (born !== 0 && words[process(slot) + PID] !== born)) {
      Atomics.wait(words, NEVER, 0, 1000);
    }
  };
  const holds = (fd) => {
    if (fd >= FIRST && fd < LAST && counts[slot * STREAMS * 2 + fd - FIRST] > 0) return true;
    alive();
    return false;
  };
  const nonblocking = (fd) => load(words, stream(fd) + NONBLOCK) >> end(fd) & 1;
  const deadline = (seconds) => seconds < 0 ? Infinity : performance.now() + seconds * 1e3;

  // Waits while `words[at] === value`. Says 0, ETIMEDOUT or EINTR.
  const wait = (at, value, until, reason, detail = 0) => {
    if (load(words, at) === value && until > performance.now()) blocked?.(reason, detail, until !== Infinity);
    for (;;) {
      const left = until - performance.now();
      if (left <= 0) return ETIMEDOUT;
      const slice = interrupted ? Math.min(left, 50) : left;
      if (Atomics.wait(words, at, value, slice) !== "timed-out") return 0;
      if (interrupted?.()) return EINTR;
    }
  };
  const changed = (at) => {
    add(words, at, 1);
    notify(words, at);
    if (load(words, WAITERS)) {
      add(words, SEQUENCE, 1);
      notify(words, SEQUENCE);
    }
  };
  // A lock knows its holder, so that what a process held can be let go when it ends.
  const lock = (at) => {
    for (;;) {
      const holder = compareExchange(words, at, 0, me);
      if (holder === 0) return;
      Atomics.wait(words, at, holder, 1000);
    }
  };
  const unlock = (at) => {
    store(words, at, 0);
    notify(words, at, 1);
  };
  const letGo = (fd, times) => {
    const at = stream(fd);
    if (sub(words, at + REFS + end(fd), times) === times) {
      changed(at + RING + SEQ);
      changed(at + RING + RING_WORDS + SEQ);
      if (load(words, at + REFS) <= 0 && load(words, at + REFS + 1) <= 0) store(words, at + USED, 0);
    }
  };
  const copyIn = (base, size, head, chunk) => {
    const at = (head >>> 0) % size, first = Math.min(chunk.length, size - at);
    bytes.set(chunk.subarray(0, first), base + at);
    bytes.set(chunk.subarray(first), base);
  };
  const copyOut = (base, size, tail, length) => {
    const at = (tail >>> 0) % size, first = Math.min(length, size - at), out = new Uint8Array(length);
    out.set(bytes.subarray(base + at, base + at + first));
    out.set(bytes.subarray(base, base + length - first), first);
    return out;
  };
  const hash = (name) => {
    let h = 2166136261;
    for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 16777619);
    return h | 1;
  };

  const self = {
    words, FROZEN, holds,
    /// Both ends of a new stream, as descriptors of this process. An end reads what the other writes.
    stream() {
      for (let i = 0; i < STREAMS; i++) {
        const at = STREAM + i * STREAM_WORDS;
        if (compareExchange(words, at + USED, 0, 1) !== 0) continue;
        words.fill(0, at + REFS, at + STREAM_WORDS);
        words[at + REFS] = words[at + REFS + 1] = 1;
        counts[slot * STREAMS * 2 + 2 * i] = counts[slot * STREAMS * 2 + 2 * i + 1] = 1;
        return FIRST + 2 * i;
      }
      return -EMFILE;
    },
    close(fd) {
      if (!holds(fd)) return -EBADF;
      counts[slot * STREAMS * 2 + fd - FIRST]--;
      letGo(fd, 1);
      return 0;
    },
    /// Lets the process in `other` hold `fd`, too.
    share(fd, other) {
      if (!holds(fd)) return -EBADF;
      add(words, stream(fd) + REFS + end(fd), 1);
      counts[other * STREAMS * 2 + fd - FIRST]++;
      return 0;
    },
    setNonblocking(fd, on) {
      if (!holds(fd)) return -EBADF;
      const bit = 1 << end(fd);
      on ? Atomics.or(words, stream(fd) + NONBLOCK, bit) : Atomics.and(words, stream(fd) + NONBLOCK, ~bit);
      return 0;
    },
    nonblocking,
    write(fd, chunk) {
      if (!holds(fd)) return -EBADF;
      const at = ring(fd, false), base = data(fd, false), other = stream(fd) + REFS + (end(fd) ^ 1);
      let done = 0;
      lock(at + WRITE_LOCK);
      try {
        while (done < chunk.length) {
          const sequence = load(words, at + SEQ);
          if (load(words, other) <= 0) return done || -EPIPE;
          const head = words[at + HEAD], room = PIPE - ((head - load(words, at + TAIL)) | 0);
          if (room <= 0) {
            if (nonblocking(fd)) return done || -EAGAIN;
            const error = wait(at + SEQ, sequence, Infinity, "write", fd);
            if (error) return done || -error;
            continue;
          }
          const part = chunk.subarray(done, done + room);
          copyIn(base, PIPE, head, part);
          store(words, at + HEAD, (head + part.length) | 0);
          done += part.length;
          changed(at + SEQ);
        }
        return done;
      } finally {
        unlock(at + WRITE_LOCK);
      }
    },
    /// Up to `length` bytes; none at the end of the stream; a negative number if it failed.
    read(fd, length) {
      if (!holds(fd)) return -EBADF;
      const at = ring(fd, true), base = data(fd, true), other = stream(fd) + REFS + (end(fd) ^ 1);
      for (;;) {
        const sequence = load(words, at + SEQ);
        lock(at + READ_LOCK);
        const tail = words[at + TAIL], there = (load(words, at + HEAD) - tail) | 0;
        if (there > 0) {
          const out = copyOut(base, PIPE, tail, Math.min(length, there));
          store(words, at + TAIL, (tail + out.length) | 0);
          unlock(at + READ_LOCK);
          changed(at + SEQ);
          return out;
        }
        unlock(at + READ_LOCK);
        if (load(words, other) <= 0) return new Uint8Array(0);
        if (nonblocking(fd)) return -EAGAIN;
        const error = wait(at + SEQ, sequence, Infinity, "read", fd);
        if (error) return -error;
      }
    },
    /// Whether a read or a write on `fd` would not wait, and how many bytes there are to read.
    ready(fd, writes) {
      if (!holds(fd)) return { ready: true, bytes: 0, hangup: true };
      const at = ring(fd, !writes), used = (load(words, at + HEAD) - load(words, at + TAIL)) | 0;
      const hangup = load(words, stream(fd) + REFS + (end(fd) ^ 1)) <= 0;
      return writes ? { ready: used < PIPE || hangup, bytes: PIPE - used, hangup } : { ready: used > 0 || hangup, bytes: used, hangup };
    },
    /// Waits until one of `ends` ({fd, writes}) is ready. Says which, or EINTR.
    select(ends, seconds) {
      const until = deadline(seconds);
      add(words, WAITERS, 1);
      try {
        for (;;) {
          const sequence = load(words, SEQUENCE);
          const states = ends.map(({ fd, writes }) => self.ready(fd, writes));
          if (states.some(({ ready }) => ready)) return states;
          const error = wait(SEQUENCE, sequence, until, "select", ends[0].fd);
          if (error === EINTR) return -EINTR;
          if (error === ETIMEDOUT) return states;
        }
      } finally {
        sub(words, WAITERS, 1);
      }
    },
    sleep: (seconds) => wait(NEVER, 0, deadline(seconds), "sleep") === EINTR ? -EINTR : 0,

    // Semaphores. An index is never used again in a run.
    semaphore(value, most) {
      for (let i = 0; i < SEMAPHORES; i++) {
        if (load(words, SEMS + i) !== 0 || compareExchange(words, SEMS + i, 0, value + 1) !== 0) continue;
        store(words, OWNERS + i, most === 1 ? 0 : -1);
        return i;
      }
      return -ENOSPC;
    },
    semaphoreEnd(i) {
      store(words, SEMS + i, 0);
      return 0;
    },
    acquire(i, seconds, thread) {
      const until = deadline(seconds);
      for (;;) {
        const value = load(words, SEMS + i);
        if (value > 1) {
          if (compareExchange(words, SEMS + i, value, value - 1) !== value) continue;
          if (load(words, OWNERS + i) >= 0) store(words, OWNERS + i, 1 + (slot << 24) + thread);
          return 1;
        }
        if (seconds === 0) return 0;
        const error = wait(SEMS + i, value, until, "semaphore", i);
        if (error) return error === ETIMEDOUT ? 0 : -error;
      }
    },
    release(i, most) {
      for (;;) {
        const value = load(words, SEMS + i);
        if (value > most) return -EINVAL;
        if (compareExchange(words, SEMS + i, value, value + 1) === value) {
          notify(words, SEMS + i, 1);
          return 0;
        }
      }
    },
    value: (i) => load(words, SEMS + i) - 1,
    /// Who has taken it last, as `{process, thread}`; null if that is nobody or not known.
    owner(i) {
      const owner = i < SEMAPHORES ? load(words, OWNERS + i) - 1 : -1;
      return owner < 0 ? null : { process: owner >> 24, thread: owner & 0xffffff };
    },

    // Bytes that all processes see: the offset and size of segments with a name.
    segment(name, size, create) {
      const h = hash(name);
      lock(NAMES_LOCK);
      try {
        let free = -1;
        for (let i = 0; i < SEGMENTS; i++) {
          const at = SEGMENT + i * 4;
          if (words[at] === h) return create ? -20 : i;
          if (words[at] === 0 && free < 0 && (words[at + 2] === 0 || words[at + 2] >= size)) free = i;
        }
        if (!create) return -ENOENT;
        if (free < 0) return -ENOSPC;
        const at = SEGMENT + free * 4;
        if (words[at + 2] === 0) {
          const offset = words[SHARED_USED], rounded = (size + 7) & ~7;
          if (rounded > SHARED - offset) return -ENOSPC;
          words[SHARED_USED] = offset + rounded;
          words[at + 1] = offset;
          words[at + 2] = rounded;
        }
        bytes.fill(0, HEAP + words[at + 1], HEAP + words[at + 1] + size);
        words[at] = h;
        return free;
      } finally {
        unlock(NAMES_LOCK);
      }
    },
    segmentSize: (i) => words[SEGMENT + i * 4 + 2],
    segmentVersion: (i) => load(words, SEGMENT + i * 4 + 3),
    unlink(name) {
      const h = hash(name);
      for (let i = 0; i < SEGMENTS; i++) if (compareExchange(words, SEGMENT + i * 4, h, 0) === h) return 0;
      return -ENOENT;
    },
    segmentBytes: (i, from, length) => bytes.subarray(HEAP + words[SEGMENT + i * 4 + 1] + from).subarray(0, length),
    segmentChanged: (i) => add(words, SEGMENT + i * 4 + 3, 1),

    // Names that a process listens at: each leads to the end of a stream over which accepted ends are sent.
    listen(name, fd) {
      const h = hash(name);
      for (let i = 0; i < NAMES; i++) if (load(words, NAME + 2 * i) === h) return -3;
      for (let i = 0; i < NAMES; i++) {
        if (compareExchange(words, NAME + 2 * i, 0, h) === 0) {
          store(words, NAME + 2 * i + 1, fd);
          return 0;
        }
      }
      return -ENOSPC;
    },
    unlisten(name) {
      const h = hash(name);
      for (let i = 0; i < NAMES; i++) compareExchange(words, NAME + 2 * i, h, 0);
      return 0;
    },
    /// Connects to who listens at `name`: they get one end of a new stream, and we the other.
    connect(name) {
      const h = hash(name);
      for (let i = 0; i < NAMES; i++) {
        if (load(words, NAME + 2 * i) !== h) continue;
        const listener = load(words, NAME + 2 * i + 1), theirs = self.stream();
        if (theirs < 0) return theirs;
        // The listener's process takes over our hold on its end when it accepts.
        add(words, stream(listener) + REFS + end(listener), 1);
        counts[slot * STREAMS * 2 + listener - FIRST]++;
        const sent = self.write(listener, new Uint8Array(Int32Array.of(theirs, slot).buffer));
        self.close(listener);
        return sent < 0 ? -14 : theirs + 1;
      }
      return -14;
    },
    /// Takes over the end that `connect` has sent.
    adopt(fd, from) {
      counts[from * STREAMS * 2 + fd - FIRST]--;
      counts[slot * STREAMS * 2 + fd - FIRST]++;
      return fd;
    },

    // Processes.
    reserve() {
      for (let i = 1; i < PROCESSES; i++) {
        const at = process(i);
        if (compareExchange(words, at + STATE, FREE, RESERVED) !== FREE) continue;
        counts.fill(0, i * STREAMS * 2, (i + 1) * STREAMS * 2);
        words[at + CODE] = words[at + LIVE] = words[at + NEXT_THREAD] = 0;
        words[at + PARENT] = slot;
        words[at + PID] = add(words, NEXT_PID, 1) + 1;
        return i;
      }
      return -EAGAIN;
    },
    running: (of) => store(words, process(of) + STATE, RUNNING),
    state: (of) => load(words, process(of) + STATE),
    pid: (of = slot) => of === 0 ? 4242 : words[process(of) + PID],
    parent: () => slot === 0 ? 1 : self.pid(words[process(slot) + PARENT]),
    slotOf(pid) {
      if (pid === 4242) return 0;
      for (let i = 1; i < PROCESSES; i++) if (words[process(i) + PID] === pid && self.state(i) !== FREE) return i;
      return -ESRCH;
    },
    /// A process has ended: closes what it held, and wakes who waits for it.
    exited(of, code) {
      const at = process(of);
      if (load(words, at + STATE) === ZOMBIE) return;
      for (let i = 0; i < STREAMS; i++) {
        for (const ringAt of [RING, RING + RING_WORDS]) {
          for (const lockAt of [WRITE_LOCK, READ_LOCK]) {
            const word = STREAM + i * STREAM_WORDS + ringAt + lockAt;
            if (compareExchange(words, word, of + 1, 0) === of + 1) notify(words, word);
          }
        }
      }
      for (const word of [OUT_LOCK, NAMES_LOCK]) if (compareExchange(words, word, of + 1, 0) === of + 1) notify(words, word);
      for (let fd = FIRST; fd < LAST; fd++) {
        const held = counts[of * STREAMS * 2 + fd - FIRST];
        counts[of * STREAMS * 2 + fd - FIRST] = 0;
        if (held) letGo(fd, held);
      }
      words[at + CODE] = code;
      store(words, at + STATE, ZOMBIE);
      notify(words, at + STATE);
      add(words, SEQUENCE, 1);
      notify(words, SEQUENCE);
    },
    /// The exit code of a child, as `{pid, code}`; 0 if it runs and we do not wait.
    reap(pid, waits) {
      for (;;) {
        let found = 0;
        for (let i = 1; i < PROCESSES; i++) {
          const at = process(i), state = self.state(i);
          if (state < RUNNING || words[at + PARENT] !== slot || (pid > 0 && words[at + PID] !== pid)) continue;
          found = at;
          if (state !== ZOMBIE) continue;
          const answer = { pid: words[at + PID], code: words[at + CODE] };
          store(words, at + STATE, FREE);
          return answer;
        }
        if (!found) return -ECHILD;
        if (!waits) return 0;
        const sequence = load(words, SEQUENCE);
        const [at, value] = pid > 0 ? [found + STATE, RUNNING] : [SEQUENCE, sequence];
        const error = wait(at, value, Infinity, "child", pid);
        if (error) return -error;
      }
    },
    thread() {
      const at = process(slot);
      if (add(words, at + LIVE, 1) >= THREADS) {
        sub(words, at + LIVE, 1);
        return -EAGAIN;
      }
      return add(words, at + NEXT_THREAD, 1) + 1;
    },
    threadEnded: () => sub(words, process(slot) + LIVE, 1),
    /// How many threads a process has beside its main one.
    live: (of) => load(words, process(of) + LIVE),

    // The output: records of length, descriptor, slot and thread (16 bytes) and the bytes themselves. Who writes faster
    // than the owner reads has to wait, and who writes without end gets ENOSPC. `tell` tells the owner that there is
    // something again.
    print(fd, thread, chunk, tell) {
      alive();
      if (load(words, OUT_TOTAL) > words[OUT_LIMIT] + (fd === 2 ? 65536 : 0)) return -ENOSPC;
      add(words, OUT_TOTAL, chunk.length);
      lock(OUT_LOCK);
      try {
        for (let done = 0; done < chunk.length;) {
          const sequence = load(words, OUT_SEQ);
          const head = words[OUT_HEAD], used = (head - load(words, OUT_TAIL)) | 0;
          if (OUTPUT - used < 32) {
            const error = wait(OUT_SEQ, sequence, Infinity, "write", fd);
            if (error) return done || -error;
            continue;
          }
          const part = chunk.subarray(done, done + Math.min(OUTPUT - used - 16, 16384));
          copyIn(OUT_DATA, OUTPUT, head, new Uint8Array(Int32Array.of(part.length, fd, slot, thread).buffer));
          copyIn(OUT_DATA, OUTPUT, (head + 16) | 0, part);
          store(words, OUT_HEAD, (head + 16 + part.length) | 0);
          if (load(words, OUT_TAIL) === head) tell();
          done += part.length;
        }
        return chunk.length;
      } finally {
        unlock(OUT_LOCK);
      }
    },
    hasPrinted: () => load(words, OUT_HEAD) !== words[OUT_TAIL],
    /// All that was printed until now, since the last call.
    printed() {
      const out = [], head = load(words, OUT_HEAD);
      for (;;) {
        const tail = words[OUT_TAIL];
        if (head === tail) return out;
        const [length, fd, of, thread] = new Int32Array(copyOut(OUT_DATA, OUTPUT, tail, 16).buffer);
        out.push({ fd, slot: of, thread, bytes: copyOut(OUT_DATA, OUTPUT, (tail + 16) | 0, length) });
        store(words, OUT_TAIL, (tail + 16 + length) | 0);
        add(words, OUT_SEQ, 1);
        notify(words, OUT_SEQ);
      }
    },
  };
  return self;
}
