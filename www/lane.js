// Loads the program of a worker. The owner sends the compiled module first, so that no worker
// fetches or compiles it again; whatever goes wrong here is thrown where the owner hears it.
// The name of the build in this file's address goes on to the program's: the browser may keep both.

// A worker that starts others may take them from this site only, as the page (see boot.js).
self.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, self.location).origin === self.origin ? url : null),
});

// WebKit (seen in WebKitGTK 2.50) tells a worker at times that a thread has notified it (Atomics.waitAsync) only when
// something else wakes the worker's event loop, and nothing else may: so something does.
if (/AppleWebKit(?!.*Chrom)/.test(navigator.userAgent)) setInterval(() => {}, 50);

// wasm-bindgen-rayon keeps the threads that it starts to itself, and starts them from a blob. They are noted here, as
// their owner has to end them: Chromium keeps for good some of the memory of threads whose owner has gone before them.
const threads = [];
self.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    if (`${url}`.startsWith("blob:")) threads.push(this);
  }
};

/** Ends the threads that this worker has started, and says how many there were. */
self.endThreads = () => threads.splice(0).map((thread) => thread.terminate()).length;

/** Loads Python's engine (python/www/engine.js), when Python is run first. */
self.loadPython = async () => (await import("./python/engine.js")).Python.load();

self.addEventListener(
  "message",
  ({ data: module }) => {
    import("./worker.js" + self.location.search)
      .then((program) => program.default({ module_or_path: module }))
      .catch((error) => setTimeout(() => { throw error; }));
  },
  { once: true },
);
