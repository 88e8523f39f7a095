// One worker: a thread of a process, the main one or another. It has its own instance of the program over the process's
// memory, and blocks as it likes. What it cannot do alone it asks its owner for (engine.js), and waits for the answer.

import { own } from "./alone.js";
import { kernel, EBADF, EINTR, ENOSYS, ZOMBIE } from "./kernel.js";
import { library } from "./library.js";
import { wasi } from "./wasi.js";

/// The calls of the program (src/host.rs, lib/*.py), by number.
const OPS = {
  START: 1, NAME: 2, PIPE: 3, DUP: 4, NONBLOCK: 5, SPAWN: 6, REAP: 7, KILL: 8, EXIT: 9, SEM_NEW: 10, SEM_ACQUIRE: 11,
  SEM_RELEASE: 12, SEM_VALUE: 13, SEM_END: 14, SEGMENT: 15, SEGMENT_SIZE: 16, SEGMENT_READ: 17, SEGMENT_WRITE: 18,
  UNLINK: 19, LISTEN: 20, UNLISTEN: 21, CONNECT: 22, ADOPT: 23, PID: 24, PARENT: 25, CORES: 26, FETCH: 27, HANDLES: 28,
  SEGMENT_VERSION: 29, ALONE: 30, JOB: 40, TELL: 41,
};

/// An answer of the owner: state, value, length, and the bytes.
const ANSWER = 12 + 65536;
/// Why a thread waits in a call, by the numbers of patch/gil.rs, which has the others.
const REASONS = { sleep: 4, read: 8, write: 9, semaphore: 10, child: 11, fetch: 12, input: 13, select: 14 };

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

let job, instance, thread = 0, k, lib, answer = new Uint8Array(0);
let reply, replyWords;
const decoder = new TextDecoder(), encoder = new TextEncoder();

/// Asks the owner, and waits.
function ask(op, args, data) {
  if (job.alone) return job.ask(op, args, data);
  if (!reply) newReply();
  const isLong = op === "input" || op === "fetch";
  Atomics.store(replyWords, 0, 0);
  postMessage({ ask: op, args, data, reply, thread });
  if (isLong) blocked(op, 0, false);
  while (Atomics.load(replyWords, 0) === 0) {
    if (Atomics.wait(replyWords, 0, 0, thread === 0 ? 50 : 1000) === "timed-out" && isLong && pending()) {
      // The answer still comes, and must not be taken for that of another question.
      newReply();
      return { value: -EINTR };
    }
  }
  const value = replyWords[1], length = replyWords[2];
  return { value, answer: length >= 0 ? new Uint8Array(reply, 12, length).slice() : undefined };
}

function newReply() {
  reply = new SharedArrayBuffer(ANSWER);
  replyWords = new Int32Array(reply);
}

/// Where the program has what the host looks at, once it runs (src/main.rs): words, and a place in the table of functions.
let places;

/// Whether a signal waits for the main thread, which this is.
function pending() {
  return thread === 0 && places && Atomics.load(new Int32Array(job.memory.buffer), places.signals) !== 0;
}

/// Notes in the record why this thread begins to wait.
function blocked(reason, detail, ends) {
  if (places) instance.exports.__indirect_function_table.get(places.blocked)(REASONS[reason], detail, ends ? 1 : 0);
}

function start(message) {
  job = message.alone ? own(message) : message;
  thread = 0;
  lib ??= library(job.library, (from, length) => ask("source", { from, length: Math.min(length, 65536) }).answer);
  const mine = (main) => { k = kernel(job.kernel, job.slot, main ? pending : undefined, blocked); };
  mine(false);
  const host = {
    memory: job.memory, env: job.env, library: lib, ask,
    get kernel() { return k; },
    print: (fd, bytes) => k.print(fd, thread, bytes, () => postMessage(job.alone ? { output: k.printed() } : { printed: true })),
    readLine(length) {
      const { value, answer: line } = ask("input", { length });
      return value < 0 ? value : line;
    },
    exit(code) {
      throw new Exit(code);
    },
  };
  // The kernel of the main thread is another than that of a thread which takes its worker over later.
  const forward = new Proxy({}, { get: (_, name) => k[name] });
  const functions = wasi({ ...host, kernel: forward });
  const imports = {
    wasi_snapshot_preview1: functions,
    wasi: { "thread-spawn": spawn },
    env: { memory: job.memory },
    lanes: { thread: () => thread, call, answer_length: () => answer.length, answer: take },
  };
  instance = new WebAssembly.Instance(job.module, imports);
  job.become = mine;
}

function take(into) {
  new Uint8Array(job.memory.buffer, into, answer.length).set(answer);
  answer = new Uint8Array(0);
}

function spawn(argument) {
  if (job.alone) return -ENOSYS;
  const number = k.thread();
  if (number < 0) return number;
  postMessage({ spawn: number, argument });
  return number;
}

function call(op, a, b, seconds, pointer, length) {
  const data = new Uint8Array(job.memory.buffer, pointer, length).slice(), text = () => decoder.decode(data);
  answer = new Uint8Array(0);
  switch (op) {
    case OPS.START: {
      const [signals, record, states, owners] = new Uint32Array(data.buffer).map((place) => place >> 2);
      places = { signals, record, states, owners, blocked: new Uint32Array(data.buffer)[4] };
      if (job.alone) {
        answer = encoder.encode(job.alone.args.join("\0"));
        return 1;
      }
      postMessage({ booted: places });
      const gate = new Int32Array(job.gate);
      Atomics.wait(gate, 0, 0);
      answer = new Uint8Array(job.gate, 12, gate[2]).slice();
      return gate[1];
    }
    case OPS.NAME:
      postMessage({ name: text(), thread });
      return 0;
    case OPS.PIPE:
      return k.stream();
    case OPS.DUP:
      return k.share(a, job.slot) < 0 ? -EBADF : a;
    case OPS.NONBLOCK:
      return k.setNonblocking(a, b);
    case OPS.SPAWN: {
      const { args, fds } = JSON.parse(text());
      if (!fds.every(k.holds)) return -EBADF;
      const slot = k.reserve();
      if (slot < 0) return slot;
      fds.forEach((fd) => k.share(fd, slot));
      k.running(slot);
      postMessage({ process: slot, args });
      return k.pid(slot);
    }
    case OPS.REAP: {
      const found = k.reap(a, b !== 0);
      if (typeof found === "number") return found;
      answer = new Uint8Array(Int32Array.of(found.code).buffer);
      return found.pid;
    }
    case OPS.KILL: {
      const slot = k.slotOf(a);
      if (slot < 0) return slot;
      // The signal 0 only asks whether the process is there.
      if (b !== 0 && k.state(slot) !== ZOMBIE) ask("kill", { slot, signal: b });
      return 0;
    }
    case OPS.EXIT:
      throw new Exit(a);
    case OPS.SEM_NEW:
      return k.semaphore(a, b);
    case OPS.SEM_ACQUIRE:
      return k.acquire(a, seconds, thread);
    case OPS.SEM_RELEASE:
      return k.release(a, b);
    case OPS.SEM_VALUE:
      return k.value(a);
    case OPS.SEM_END:
      return k.semaphoreEnd(a);
    case OPS.SEGMENT:
      return k.segment(text(), a, b !== 0);
    case OPS.SEGMENT_SIZE:
      return k.segmentSize(a);
    case OPS.SEGMENT_READ:
      answer = k.segmentBytes(a, b, seconds).slice();
      return answer.length;
    case OPS.SEGMENT_WRITE:
      k.segmentBytes(a, b, length).set(data);
      k.segmentChanged(a);
      return length;
    case OPS.SEGMENT_VERSION:
      return k.segmentVersion(a);
    case OPS.UNLINK:
      return k.unlink(text());
    case OPS.LISTEN:
      return k.holds(a) ? k.listen(text(), a) : -EBADF;
    case OPS.UNLISTEN:
      return k.unlisten(text());
    case OPS.CONNECT:
      return k.connect(text());
    case OPS.ADOPT:
      return k.adopt(a, b);
    case OPS.PID:
      return k.pid();
    case OPS.PARENT:
      return k.parent();
    case OPS.CORES:
      return navigator.hardwareConcurrency || 2;
    case OPS.FETCH: {
      const result = ask("fetch", JSON.parse(text()));
      answer = result.answer ?? answer;
      return result.value;
    }
    case OPS.JOB:
      answer = ask("job", data).answer;
      return 0;
    case OPS.TELL:
      postMessage({ lane: a, done: b, thread });
      return 0;
    case OPS.ALONE:
      return job.alone ? 1 : 0;
    case OPS.HANDLES:
      postMessage({ handles: a, on: b !== 0 });
      return 0;
    default:
      return -ENOSYS;
  }
}

/// Runs `f` to its end, and tells the owner how it ended.
function run(f) {
  try {
    f();
    return { ended: thread };
  } catch (error) {
    if (error instanceof Exit) return { exit: error.code };
    return { crash: String(error?.message ?? error), stack: String(error?.stack ?? ""), thread };
  }
}

onmessage = ({ data }) => {
  if (data.start) {
    start(data.start);
    postMessage({ ready: true });
  }
  if (data.main) {
    job.become(true);
    const end = run(() => instance.exports._start());
    const files = job.alone ? { files: job.list() } : {};
    postMessage({ ...(end.ended === undefined ? end : { exit: 0 }), ...files });
  }
  if (data.thread) {
    thread = data.thread.number;
    places = data.thread.places;
    job.become(false);
    const end = run(() => instance.exports.wasi_thread_start(thread, data.thread.argument));
    k.threadEnded();
    postMessage(end);
  }
};
