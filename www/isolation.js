// Adds the headers that isolate the page, which browsers ask for before memory can be shared between
// threads. The page asks for it (by `?isolate`, see boot.js) where the host sends none of them.

const ISOLATES = self.location.search === "?isolate";

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

// What is isolated: pages and workers. All else is left alone.
const ISOLATED = ["document", "iframe", "worker", "sharedworker"];

/** Answers with what the network says, if it needs the headers. */
function isolation({ request }) {
  if (ISOLATES && ISOLATED.includes(request.destination)) return fetch(request);
}

/** The response with the headers, where they are missing and can be added. */
function isolated(response) {
  if (!ISOLATES || response.type === "opaqueredirect" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
