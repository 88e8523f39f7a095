// The owner of runs: keeps the program and the library, starts workers for threads and processes, carries out what they ask
// for, and ends them. It must never block, so it belongs on a page's thread or in a worker of its own.

import { format, kernel, ECHILD, ENOENT, PAGES, SIZE } from "./kernel.js";
import { Files } from "./files.js";
import { AloneRun, isIsolated } from "./alone.js";

const SIGINT = 2, SIGKILL = 9, SIGTERM = 15;
/// The record of patch/gil.rs: how many events its ring has, how many threads may have a state, and what the numbers mean.
const EVENTS = 1 << 13, STATES = 160, KINDS = ["", "wait", "run", "leave", "end"];
const REASONS = ["call", "asked", "lock", "join", "sleep", "queue", "event", "condition", "read", "write", "semaphore", "child",
  "fetch", "input", "select", "future", "barrier"];
/// What only another thread or process can end.
const NEEDS_ANOTHER = new Set(["lock", "join", "queue", "event", "condition", "read", "write", "semaphore", "child", "select",
  "future", "barrier"]);
/// How often a run looks whether it waits for ever, in milliseconds.
const LOOK = 250;
/// Workers that a process keeps ready for its next threads.
const SPARE = 2;
/// How long a run that was asked to stop may take to hear of it, and then to end, in milliseconds.
const PATIENCE = 500, GRACE = 3000;

/// A record of nothing.
const nothing = () => ({ events: [], lost: 0, names: [] });

/// Python, loaded once for any number of runs.
export class Python {
  /// Fetches the program and the library, which stand beside this file. `progress(bytes, all)` hears how many bytes have
  /// come, of how many; 0 if that is not known.
  static async load(base = new URL(".", import.meta.url), progress) {
    const sizes = [0, 0], totals = [0, 0];
    const fetched = async (name, at) => {
      const response = await fetch(new URL(name, base));
      if (!response.ok) throw new Error(`${name}: ${response.status}`);
      if (!progress) return response;
      // The length of what is sent compressed says nothing of how much will be read.
      const isPlain = !response.headers.get("content-encoding");
      totals[at] = isPlain ? Number(response.headers.get("content-length")) : 0;
      const count = new TransformStream({
        transform(chunk, controller) {
          sizes[at] += chunk.length;
          progress(sizes[0] + sizes[1], totals.every((total) => total > 0) ? totals[0] + totals[1] : 0);
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body.pipeThrough(count), { headers: { "content-type": response.headers.get("content-type") } });
    };
    const [module, archive] = await Promise.all([
      WebAssembly.compileStreaming(fetched("python.wasm", 0)),
      fetched("library.bin", 1).then((response) => response.arrayBuffer()),
    ]);
    return new Python(module, archive, base);
  }

  constructor(module, archive, base) {
    const env = ["HOME=/home", "PWD=/home", "PATH=/bin", "TMPDIR=/tmp", "LANG=C.UTF-8"];
    Object.assign(this, { module, archive, base, env });
    if (isIsolated()) {
      this.library = new SharedArrayBuffer(archive.byteLength);
      new Uint8Array(this.library).set(new Uint8Array(archive));
      delete this.archive;
    }
  }

  /// A part of the library's text, which is fetched when the first is needed.
  async source({ from, length }) {
    this.sources ??= fetch(new URL("sources.bin", this.base)).then((response) => response.arrayBuffer());
    return { value: length, answer: new Uint8Array(await this.sources, from, length) };
  }

  /// Runs `source`. See `Run` for the options. On a page that is not isolated it has neither threads nor processes
  /// (alone.js).
  run(source, options = {}) {
    return isIsolated() ? new Run(this, source, options) : new AloneRun(this, source, options);
  }
}

/// One run of a script, with all its threads and processes.
///
/// Options: `gil` (true), `name` ("main.py"), `args` ([]), `files` ({path: bytes}), `addresses` (prefixes of what may be
/// fetched), `filesBytes` and `outputBytes` (what files and stdout may take), and what is called: `onOutput({fd, process,
/// thread, text})`, `onInput() -> string or null for the end`, and `onStuck(waiting)` when the run waits for ever, or in part
/// (see `waiting`); for a script that runs lib/_lanes_job.py, `onJob(told) -> command` and `onLane(lane, process, thread, done,
/// memory)`. `done` becomes the exit code; a negative one is the signal that ended it.
export class Run {
  constructor(python, source, options) {
    this.python = python;
    this.options = {
      gil: true, name: "main.py", args: [], files: {}, addresses: [], filesBytes: 64 << 20, outputBytes: 32 << 20, ...options,
    };
    this.kernelBuffer = new SharedArrayBuffer(SIZE);
    format(this.kernelBuffer, this.options.outputBytes);
    this.kernel = kernel(this.kernelBuffer, 0);
    this.files = new Files(this.options.filesBytes, ["lib"]);
    for (const [path, bytes] of Object.entries(this.options.files)) this.files.put(`home/${path}`, bytes);
    const script = `home/${this.options.name}`;
    this.files.put(script, new TextEncoder().encode(source));
    this.processes = new Map();
    this.decoders = new Map();
    this.past = nothing();
    this.done = new Promise((resolve) => { this.resolve = resolve; });
    this.kernel.running(0);
    this.startProcess(0, [`/${script}`, ...this.options.args]);
    if (this.options.onStuck) this.looking = setInterval(() => this.look(), LOOK);
  }

  /// Asks the script to end as Ctrl-C does; the second time, or if it does not answer, ends its workers.
  stop() {
    if (this.ended) return;
    if (this.stopping) return this.end(-SIGKILL);
    for (const process of this.processes.values()) this.signal(process, SIGINT);
    this.stopping = setTimeout(() => {
      if (!this.heardSignal()) return this.end(-SIGKILL);
      this.stopping = setTimeout(() => this.end(-SIGKILL), GRACE);
    }, PATIENCE);
  }

  startProcess(slot, args) {
    let memory;
    try {
      memory = new WebAssembly.Memory({ ...PAGES, shared: true });
    } catch {
      this.kernel.exited(slot, -SIGKILL);
      return;
    }
    const gate = new SharedArrayBuffer(12 + 65536);
    const process = { slot, args, memory, gate, workers: new Set(), idle: [], handles: new Set(), names: new Map() };
    this.processes.set(slot, process);
    process.main = this.newWorker(process);
    process.main.postMessage({ main: true });
  }

  newWorker(process) {
    const worker = new Worker(new URL("worker.js", this.python.base), { type: "module" });
    process.workers.add(worker);
    worker.onmessage = ({ data }) => this.heard(process, worker, data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.crashed(process, event.message ?? "a worker could not be started");
    };
    const { module, library, env } = this.python;
    worker.postMessage({
      start: { module, library, memory: process.memory, kernel: this.kernelBuffer, slot: process.slot, gate: process.gate, env },
    });
    return worker;
  }

  /// Keeps workers ready for the next threads.
  spare(process) {
    while (process.idle.length < SPARE) process.idle.push(this.newWorker(process));
  }

  heard(process, worker, message) {
    if (this.ended || !this.processes.has(process.slot) || this.processes.get(process.slot) !== process) return;
    if (message.ask) return this.answer(process, message);
    if (message.printed) return this.drain();
    if (message.spawn !== undefined) {
      const thread = process.idle.pop() ?? this.newWorker(process);
      thread.postMessage({ thread: { number: message.spawn, argument: message.argument, places: process.places } });
      this.spare(process);
    } else if (message.ended !== undefined) {
      process.idle.push(worker);
    } else if (message.ready) {
      // The first instance over a memory initialises it and has the main thread's storage, so no other may come before.
      if (worker === process.main) this.spare(process);
    } else if (message.booted) {
      process.places = message.booted;
      this.open(process);
    } else if (message.process !== undefined) {
      this.startProcess(message.process, message.args);
    } else if (message.lane !== undefined) {
      this.options.onLane?.(message.lane, process.slot, message.thread, message.done, process.memory.buffer.byteLength);
    } else if (message.name !== undefined) {
      process.names.set(message.thread, message.name);
    } else if (message.handles !== undefined) {
      message.on ? process.handles.add(message.handles) : process.handles.delete(message.handles);
    } else if (message.exit !== undefined) {
      this.exited(process, message.exit);
    } else if (message.crash !== undefined) {
      this.crashed(process, message.crash, message.stack);
    }
  }

  /// Tells an interpreter that waits what to run.
  open(process) {
    const args = new TextEncoder().encode(process.args.join("\0"));
    const gate = new Int32Array(process.gate);
    new Uint8Array(process.gate, 12).set(args);
    gate[1] = this.options.gil ? 1 : 0;
    gate[2] = args.length;
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  }

  async answer(process, { ask, args, data, reply }) {
    let result;
    if (ask === "input") result = await this.input();
    else if (ask === "source") result = await this.python.source(args);
    else if (ask === "fetch") result = await this.fetch(process, args);
    else if (ask === "kill") result = this.kill(args);
    else if (ask === "job") result = { value: 0, answer: new TextEncoder().encode(await this.options.onJob(args)) };
    else result = this.files.ask(process.slot, ask, args, data);
    const words = new Int32Array(reply);
    words[1] = result.value;
    words[2] = result.answer ? result.answer.length : -1;
    if (result.answer) new Uint8Array(reply, 12).set(result.answer);
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
  }

  async input() {
    this.drain();
    const line = await this.options.onInput?.();
    return { value: 0, answer: line == null ? new Uint8Array(0) : new TextEncoder().encode(`${line}\n`).subarray(0, 65536) };
  }

  /// Fetches what the visitor has agreed to. The body becomes a file of the process; the answer tells the rest.
  async fetch(process, { url, method, headers, body }) {
    let address;
    try {
      address = new URL(url);
    } catch {
      return { value: -ENOENT };
    }
    if (!this.options.addresses.some((allowed) => address.href.startsWith(allowed))) return { value: -2 };
    try {
      const response = await fetch(address, {
        method, headers, body: method === "GET" || method === "HEAD" ? undefined : Uint8Array.from(body ?? []),
        credentials: "omit", referrerPolicy: "no-referrer",
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const about = { status: response.status, reason: response.statusText, url: response.url, headers: [...response.headers] };
      return { value: this.files.handOut(process.slot, bytes), answer: new TextEncoder().encode(JSON.stringify(about)).subarray(0, 65536) };
    } catch {
      return { value: -40 };
    }
  }

  kill({ slot, signal }) {
    const process = this.processes.get(slot);
    if (!process) return { value: -ECHILD };
    if (signal === SIGKILL || (signal !== SIGINT && !process.handles.has(signal))) this.remove(process, -signal);
    else this.signal(process, signal);
    return { value: 0 };
  }

  signal(process, number) {
    if (!process.places) return;
    const words = new Int32Array(process.memory.buffer);
    Atomics.or(words, process.places.signals, 1 << number);
    Atomics.notify(words, process.places.signals);
  }

  /// Whether the main thread has taken the signals that it was sent.
  heardSignal() {
    const { memory, places } = this.processes.get(0);
    return places && Atomics.load(new Int32Array(memory.buffer), places.signals) === 0;
  }

  /// The size of a process's memory, in bytes.
  memory(slot) {
    return this.processes.get(slot)?.memory.buffer.byteLength ?? 0;
  }

  /// What threads have done since the last call, in the order of each process: `{process, thread, kind, reason, detail,
  /// timeout, time}`, with the kinds and reasons of patch/gil.rs by name and the time in milliseconds since 1970. `timeout`
  /// says whether a wait ends by itself. `lost` says how many events had no room in the ring, and `names` what threads are
  /// called: `{process, thread, name}`.
  record() {
    const past = this.past;
    this.past = nothing();
    for (const process of this.processes.values()) this.read(process, past);
    return past;
  }

  /// Adds to `record` what the threads of a process have done since the last call, and what they are called.
  read(process, record) {
    record.lost += this.readRecord(process, record.events);
    for (const [thread, name] of process.names) record.names.push({ process: process.slot, thread, name });
  }

  /// A process takes its part of the record with it; as much is kept as the rings of some processes hold.
  keep(process) {
    if (this.past.events.length < 8 * EVENTS) this.read(process, this.past);
  }

  /// What every thread does now. `threads` are `{process, thread, name, kind, reason, detail, timeout, since, owner}`, where
  /// `owner` is the `{process, thread}` that has what the thread waits for, or null. `circle` are those threads that wait for
  /// each other, each for what the next one has: a deadlock. `stuck` says that every thread waits for what only another one
  /// of them could do.
  waiting() {
    const threads = [];
    let isWhole = true;
    for (const process of this.processes.values()) {
      const before = threads.length;
      this.readStates(process, threads);
      // A thread or a process that is about to begin may end all waiting.
      isWhole &&= threads.length - before === 1 + this.kernel.live(process.slot);
    }
    const waits = ({ kind, reason, timeout, detail }) =>
      kind === "leave" && !timeout && NEEDS_ANOTHER.has(reason) && !(reason === "write" && detail <= 2);
    const next = (at) => at.owner && waits(at) &&
      threads.find(({ process, thread }) => process === at.owner.process && thread === at.owner.thread);
    let circle = [];
    for (const first of threads) {
      const path = [];
      let at = first;
      while (at && !path.includes(at)) {
        path.push(at);
        at = next(at);
      }
      if (at) {
        circle = path.slice(path.indexOf(at));
        break;
      }
    }
    return { threads, circle, stuck: isWhole && threads.length > 0 && threads.every(waits) };
  }

  readStates(process, threads) {
    if (!process.places) return;
    const words = new Int32Array(process.memory.buffer), bits = new DataView(new ArrayBuffer(8)), idents = new Map(), found = [];
    for (let i = 0; i < STATES; i++) {
      const at = process.places.states + i * 6, [number, ident, what, detail, low, high] = words.slice(at, at + 6);
      if (number === 0) continue;
      bits.setInt32(0, high);
      bits.setInt32(4, low);
      idents.set(ident, number - 1);
      found.push({
        process: process.slot, thread: number - 1, name: process.names.get(number - 1) ?? (number === 1 ? "MainThread" : null),
        kind: KINDS[what & 255], reason: REASONS[what >> 8 & 255], detail: detail >>> 0, timeout: (what >> 16 & 1) === 1,
        since: bits.getFloat64(0),
      });
    }
    const mine = (thread) => thread === undefined ? null : { process: process.slot, thread };
    for (const state of found) {
      const { reason, detail } = state;
      if (state.kind !== "leave") state.owner = null;
      else if (reason === "lock") {
        const at = process.places.owners + 2 * (Math.imul(detail, 0x9e3779b9) >>> 22);
        state.owner = words[at + 1] >>> 0 === detail ? mine(words[at]) : null;
      } else if (reason === "join") state.owner = mine(idents.get(detail | 0));
      else if (reason === "semaphore") state.owner = this.kernel.owner(detail);
      else if (reason === "child" && detail > 0 && this.kernel.slotOf(detail) > 0) {
        state.owner = { process: this.kernel.slotOf(detail), thread: 0 };
      } else state.owner = null;
    }
    threads.push(...found);
  }

  /// Tells of a run that waits for ever once it is seen to do so twice, with nothing done between.
  look() {
    const waiting = this.waiting(), since = waiting.threads.map(({ process, thread, since }) => `${process}:${thread}:${since}`).join();
    const isStuck = waiting.stuck || waiting.circle.length > 0;
    if (isStuck && this.seen === since && this.told !== since) {
      this.told = since;
      this.options.onStuck(waiting);
    }
    this.seen = isStuck ? since : undefined;
  }

  readRecord(process, events) {
    if (!process.places) return 0;
    const { record } = process.places;
    const words = new Int32Array(process.memory.buffer), bits = new DataView(new ArrayBuffer(8));
    let lost = 0, next = process.read ?? 0;
    for (;; next++) {
      const written = Atomics.load(words, record);
      if (next === written) break;
      if (written - next > EVENTS) {
        lost += written - next - EVENTS;
        next = written - EVENTS;
      }
      const at = record + 1 + (next % EVENTS) * 6;
      const event = words.slice(at, at + 6);
      // Its own number says that it is complete, and not a later one.
      if (event[0] !== next + 1 || Atomics.load(words, at) !== next + 1) {
        if (Atomics.load(words, record) - next <= EVENTS) break;
        lost++;
        continue;
      }
      bits.setInt32(0, event[5]);
      bits.setInt32(4, event[4]);
      events.push({ process: process.slot, thread: event[2], kind: KINDS[event[1] & 255], reason: REASONS[event[1] >> 8 & 255],
        detail: event[3] >>> 0, timeout: (event[1] >> 16 & 1) === 1, time: bits.getFloat64(0) });
    }
    process.read = next;
    return lost;
  }

  drain() {
    for (const { fd, slot, thread, bytes } of this.kernel.printed()) {
      const key = `${fd}:${slot}:${thread}`;
      if (!this.decoders.has(key)) this.decoders.set(key, new TextDecoder());
      const text = this.decoders.get(key).decode(bytes, { stream: true });
      if (text) this.options.onOutput?.({ fd, process: slot, thread, text });
    }
    // What came meanwhile is read after what else the owner has to do, so that an endless print leaves it time.
    if (!this.ended && this.kernel.hasPrinted()) this.draining ??= setTimeout(() => {
      this.draining = undefined;
      this.drain();
    }, 4);
  }

  crashed(process, reason, stack) {
    this.drain();
    this.options.onOutput?.({ fd: 2, process: process.slot, thread: 0, text: `Python has ended here: ${reason}\n${stack ?? ""}\n` });
    this.exited(process, 134);
  }

  exited(process, code) {
    this.remove(process, code);
  }

  remove(process, code) {
    this.keep(process);
    for (const worker of process.workers) worker.terminate();
    this.files.forget(process.slot);
    this.processes.delete(process.slot);
    this.drain();
    if (process.slot === 0) return this.end(code);
    this.kernel.exited(process.slot, code);
  }

  end(code) {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.stopping);
    clearInterval(this.looking);
    this.drain();
    for (const process of this.processes.values()) {
      this.keep(process);
      for (const worker of process.workers) worker.terminate();
    }
    this.processes.clear();
    this.resolve(code);
  }
}
