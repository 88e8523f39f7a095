// The page's way to Python's engine (python/www/engine.js), which is fetched when Python is wanted first and not before.
// The page's program (src/browser/page/python.rs) finds here what is easier to say in JavaScript: what has to be
// imported, read as a stream, and called on the engine's own objects. Everything is told as text.

/// How often the page hears of a run, in milliseconds.
const EVERY = 100;
/// The most that a link may unfold to, in bytes.
const LONGEST = 1 << 18;

let python, loading;
/// Hears how many bytes have come, of how many; 0 if that is not known.
let report = () => {};

/// Fetches and compiles the engine.
async function fetchEngine() {
  const base = new URL("python/", document.baseURI);
  const { Python } = await import(new URL("engine.js", base));
  return Python.load(base, (bytes, all) => report(bytes, all));
}

/// Starts a run. `tell(what, about, text)` hears of it: "output" with the stream, process and thread that wrote; "record" with lines
/// of the engine's record; "stuck" with lines of who waits for whom, and whether that is a circle, when it waits for ever; "input"
/// when a line is wanted; "done" with the exit code.
function start(source, name, gil, args, files, tell) {
  const encoder = new TextEncoder(), names = new Map(), outputs = [];
  let answer = null, ended = false;
  const run = python.run(source, {
    gil, name, args,
    files: Object.fromEntries(files.map(([path, text]) => [path, encoder.encode(text)])),
    onOutput({ fd, process, thread, text }) {
      const last = outputs.at(-1), about = `${fd} ${process} ${thread}`;
      if (last?.about === about) last.text += text;
      else outputs.push({ about, text });
    },
    onInput: () => new Promise((resolve) => {
      read();
      answer = resolve;
      tell("input", "", "");
    }),
    onStuck({ threads, circle }) {
      const told = (circle.length > 0 ? circle : threads).map(({ process, thread, reason, detail, owner }) =>
        `${process} ${thread} ${reason} ${detail} ${owner?.process ?? "-"} ${owner?.thread ?? "-"}`);
      read();
      tell("stuck", circle.length > 0 ? "circle" : "", told.join("\n"));
    },
  });
  const read = () => {
    if (ended) return;
    for (const { about, text } of outputs.splice(0)) tell("output", about, text);
    const { events, lost, names: called } = run.record();
    const lines = events.map((e) => `${e.process} ${e.thread} ${e.kind} ${e.reason ?? "call"} ${e.detail} ${e.time}`);
    for (const { process, thread, name } of called) {
      const key = `${process} ${thread}`;
      if (names.get(key) === name) continue;
      names.set(key, name);
      lines.push(`${key} name ${name.replace(/\s+/g, " ")}`);
    }
    if (lines.length > 0 || lost > 0) tell("record", String(lost), lines.join("\n"));
  };
  const timer = setInterval(read, EVERY);
  run.done.then((code) => {
    clearInterval(timer);
    if (ended) return;
    read();
    ended = true;
    tell("done", String(code), "");
  });
  return {
    stop: () => run.stop(),
    /// Ends it at once; nothing more is told.
    drop() {
      ended = true;
      clearInterval(timer);
      run.end(-9);
    },
    /// Answers what asked for a line; without one the input has ended.
    answer(line) {
      answer?.(line ?? null);
      answer = null;
    },
  };
}

globalThis.lanesPython = {
  /// Once, however often it is asked for; again if it failed.
  async load(tell) {
    report = tell;
    loading ??= fetchEngine();
    try {
      python = await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    } finally {
      report = () => {};
    }
  },
  start,
  /// Makes bytes smaller, and again what they were; more than `LONGEST` is refused.
  async deflate(bytes) {
    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  },
  async inflate(bytes) {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    const chunks = [];
    for (let length = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      length += value.length;
      if (length > LONGEST) throw new Error("too long");
      chunks.push(value);
    }
  },
};
