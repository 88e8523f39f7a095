// Loads the program of a worker. The owner sends the compiled module first, so that no worker
// fetches or compiles it again; whatever goes wrong here is thrown where the owner hears it.
// The name of the build in this file's address goes on to the program's: the browser may keep both.

// A worker that starts others may take them from this site only, as the page (see boot.js).
self.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, self.location).origin === self.origin ? url : null),
});

self.addEventListener(
  "message",
  ({ data: module }) => {
    import("./worker.js" + self.location.search)
      .then((program) => program.default({ module_or_path: module }))
      .catch((error) => setTimeout(() => { throw error; }));
  },
  { once: true },
);
