// The page's service worker: simulates a network for lanes that wait (network.js, payloads.js), isolates
// the page where the host does not (isolation.js), and keeps the page's files for visits without a
// network (offline.js). Each part answers a request or leaves it to the next; what none answers goes its
// way as if there were no service worker.

// What it imports comes from this site, as the page's scripts do (see boot.js).
self.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, self.location).origin === self.origin ? url : null),
});

importScripts("build.js", "isolation.js", "offline.js", "payloads.js", "network.js");

// A new one takes over at once: addresses say which build they belong to, so that an open page still
// gets the files of its own.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const simulated = simulatedNetwork(event);
  if (simulated) return event.respondWith(simulated);
  const response = offline(event) ?? isolation(event);
  if (response) event.respondWith(response.then(isolated));
});
