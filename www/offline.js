// Keeps all files of a build, and answers from them: at once where the address names what is in the file,
// so that nothing newer can be there; otherwise only when the network does not answer.

// Other folders of the same host share the browser's caches, so the names carry the folder.
const FOLDER = new URL("./", self.location).href;
const CACHES = `lanes ${FOLDER} `;

// A hash in the file's name, or the build after a question mark.
const NAMES_ITS_CONTENT = /-[0-9a-f]{16}[._/]|\?[0-9a-f]{8}$/;

self.addEventListener("activate", (event) => {
  // The network is asked for a page while this program is still being started.
  if (BUILD.name) event.waitUntil(self.registration.navigationPreload?.enable());
});

// The page says when: not while it is being loaded.
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keep());
});

/** Keeps every file of the build, or, if one of them is of another build or missing, none. */
async function keep() {
  if (!BUILD.name) return;
  const kept = CACHES + BUILD.name;
  const cache = await caches.open(kept);
  if (await cache.match(FOLDER)) return;
  const requests = Object.entries(BUILD.files).map(
    ([file, integrity]) => new Request(FOLDER + file, { integrity, cache: "no-cache" }),
  );
  try {
    await cache.addAll(requests);
  } catch (error) {
    await caches.delete(kept);
    throw error;
  }
  // A page of the build before may still be open; of those before that one, none is kept.
  const builds = (await ours()).filter((name) => name !== kept);
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
}

/** Answers from what is kept, if that may be needed. */
function offline(event) {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(FOLDER) || !BUILD.name) return;
  if (NAMES_ITS_CONTENT.test(request.url)) return find(request).then((kept) => kept ?? fetch(request));
  const path = request.url.slice(FOLDER.length).split(/[?#]/)[0];
  const file = path === "index.html" ? "" : path;
  if (request.mode === "navigate" || file in BUILD.files) return networkFirst(event, FOLDER + file);
}

/** The network's answer; without a network, the file that is kept. */
async function networkFirst({ request, preloadResponse }, address) {
  try {
    const preloaded = await preloadResponse;
    // Where others reject, Firefox (153) answers with an error, if the page is in its cache.
    return preloaded && preloaded.type !== "error" ? preloaded : await fetch(request);
  } catch (error) {
    const kept = await find(address);
    if (kept) return kept;
    throw error;
  }
}

/** The file in the newest build that has it. */
async function find(address) {
  for (const name of (await ours()).reverse()) {
    const kept = await (await caches.open(name)).match(address);
    // A page may not come from a redirection that was followed for it, as some hosts do with .html.
    if (kept) return kept.redirected ? new Response(kept.body, kept) : kept;
  }
}

/** The names of the builds that are kept, the oldest first. */
async function ours() {
  return (await caches.keys()).filter((name) => name.startsWith(CACHES));
}
