// Loads the program of a worker. The owner sends the compiled module first, so that no worker
// fetches or compiles it again; whatever goes wrong here is thrown where the owner hears it.
import init from "./worker.js";

self.addEventListener(
  "message",
  ({ data: module }) => {
    init({ module_or_path: module }).catch((error) => setTimeout(() => { throw error; }));
  },
  { once: true },
);
