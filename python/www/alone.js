// Python on a page that is not isolated: nothing can be shared with a worker there, so that one worker has all of a run for
// itself, with its kernel and its files. It runs plain scripts and asyncio, without threads, processes and input().

import { ECHILD, ENOSYS, format, kernel, PAGES, SIZE } from "./kernel.js";
import { Files } from "./files.js";

/// Whether this page may share memory with its workers. WebKit may call a page isolated and have no such memory.
export const isIsolated = () => globalThis.crossOriginIsolated && typeof SharedArrayBuffer !== "undefined";

/// One run of a script, with as much of `Run` (engine.js) as there can be: `done`, `stop()`, which ends it at once, and
/// `files`. `record()` and `waiting()` have nothing to tell.
export class AloneRun {
  constructor(python, source, options) {
    const { module, archive, base } = python;
    const { name = "main.py", args = [], files = {}, filesBytes = 64 << 20, outputBytes = 4 << 20 } = options;
    const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
    this.done = new Promise((resolve) => { this.resolve = resolve; });
    this.written = Object.entries(files);
    this.files = { list: () => this.written };
    this.worker = new Worker(new URL("worker.js", base), { type: "module" });
    const print = (fd, bytes) => {
      const text = decoders[fd].decode(bytes, { stream: true });
      if (text) options.onOutput?.({ fd, process: 0, thread: 0, text });
    };
    this.worker.onmessage = ({ data }) => {
      if (this.ended) return;
      if (data.output) data.output.forEach(({ fd, bytes }) => print(fd, bytes));
      if (data.crash !== undefined) print(2, new TextEncoder().encode(`Python has ended here: ${data.crash}\n${data.stack}\n`));
      if (data.files) this.written = data.files;
      if (data.exit !== undefined || data.crash !== undefined) this.end(data.exit ?? 134);
    };
    this.worker.onerror = () => this.end(134);
    const all = { ...files, [name]: new TextEncoder().encode(source) };
    const alone = { args: [`/home/${name}`, ...args], files: all, filesBytes, outputBytes, sources: new URL("sources.bin", base).href };
    this.worker.postMessage({ start: { module, library: archive, slot: 0, env: python.env, alone } });
    this.worker.postMessage({ main: true });
  }

  stop() {
    this.end(-2);
  }

  record() {
    return { events: [], lost: 0, names: [] };
  }

  waiting() {
    return { threads: [], circle: [], stuck: false };
  }

  end(code) {
    if (this.ended) return;
    this.ended = true;
    this.worker.terminate();
    this.resolve(code);
  }
}

/// In the worker: what a job lacks that shares nothing with its owner, and `ask`, which answers at once.
export function own(job) {
  const memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  // Shared memory has a class of buffers even where that class has no name.
  const buffer = new memory.buffer.constructor(SIZE);
  format(buffer, job.alone.outputBytes);
  kernel(buffer, 0).running(0);
  const files = new Files(job.alone.filesBytes, ["lib"]);
  for (const [path, bytes] of Object.entries(job.alone.files)) files.put(`home/${path}`, bytes);
  let sources;
  const source = ({ from, length }) => {
    if (!sources) {
      const request = new XMLHttpRequest();
      request.open("GET", job.alone.sources, false);
      request.responseType = "arraybuffer";
      request.send();
      sources = request.response;
    }
    return { value: length, answer: new Uint8Array(sources, from, length) };
  };
  const ask = (op, args, data) => {
    if (op === "source") return source(args);
    if (op === "kill") return { value: -ECHILD };
    if (op === "input" || op === "fetch") return { value: -ENOSYS };
    return files.ask(0, op, args, data);
  };
  const list = () => files.list().map(([path, bytes]) => [path.replace("home/", ""), bytes]);
  return { ...job, memory, kernel: buffer, ask, list };
}
