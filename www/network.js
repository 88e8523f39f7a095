// The simulated network: answers requests for what lies below network/ after a latency, with a
// bandwidth and with failures, all of which stand in the address. Whether a request fails, and by how
// much it is late, is worked out from the seed and the request's number and from nothing else, so that
// two machines that run the same experiment meet the same network.

// On a first visit, the page was there before the service worker; it says when it wants to be answered.
self.addEventListener("message", (event) => {
  if (event.data === "claim") event.waitUntil(self.clients.claim());
});

/** Answers a request for the simulated network, and leaves all others alone. */
const simulatedNetwork = (() => {
  const folder = new URL("network/", self.location).pathname;

  // Of [0, 1): always the same for the same seed, number and purpose. The mixing is MurmurHash3's
  // (Austin Appleby, public domain).
  function chance(seed, number, purpose) {
    let hash = 0x811c9dc5;
    for (const character of `${seed} ${number} ${purpose}`) {
      hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  }

  const pause = (ms) => (ms > 0 ? new Promise((done) => setTimeout(done, ms)) : undefined);

  // What becomes of a request: the name of a fault, or nothing.
  function faultOf(query, seed, number) {
    if (chance(seed, number, "failure") >= query.get("failures") / 1000) return;
    const chosen = query.get("fault");
    if (chosen !== "any") return chosen;
    const faults = ["not-found", "server-error", "half-body", "refused"];
    return faults[Math.floor(chance(seed, number, "fault") * faults.length)];
  }

  // The body as it comes in `wait` ms, over a line of so many bytes a second, up to `end` and then cut off, or whole.
  function overLine(body, wait, bandwidth, end) {
    const PIECES_PER_SECOND = 50;
    const piece = bandwidth > 0 ? Math.max(1, Math.ceil(bandwidth / PIECES_PER_SECOND)) : body.length;
    const begin = performance.now() + wait;
    let sent = 0;
    return new ReadableStream({
      async pull(controller) {
        const next = Math.min(sent + piece, end);
        const due = begin + (bandwidth > 0 ? (next / bandwidth) * 1000 : 0);
        if (due > performance.now()) await pause(due - performance.now());
        if (next > sent) controller.enqueue(body.slice(sent, next));
        sent = next;
        if (sent < end) return;
        if (end < body.length) controller.error(new TypeError("cut off"));
        else controller.close();
      },
    });
  }

  // How long ago a request was sent, in ms. It says when, on the clock that the page's workers and this one
  // share: what the browser takes to bring it here is part of the latency and not added to it. A clock that
  // was set meanwhile is not believed.
  function age(request, timeStamp) {
    const sent = performance.timeOrigin + performance.now() - Number(request.headers.get("X-Sent"));
    return sent >= 0 && sent < 1000 ? sent : performance.now() - timeStamp;
  }

  const headers = { "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin" };

  async function answer({ request, timeStamp }, path, query) {
    const [seed, number] = [query.get("seed"), query.get("number")];
    const latency = Number(query.get("latency")) / 1000;
    const late = (Number(query.get("jitter")) / 1000) * chance(seed, number, "jitter");
    const fault = faultOf(query, seed, number);
    if (fault === "no-answer") {
      return new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
    }
    // Made before the latency is over, so that making it takes none of the time.
    const [kind, which] = path.split("/");
    const body = payloadOf(kind, Number(which), seed, Number(query.get("bytes")));
    const wait = latency + late - age(request, timeStamp);
    if (!body || ["not-found", "server-error", "refused"].includes(fault)) {
      await pause(wait);
      if (fault === "refused") return Response.error();
      if (fault === "server-error") return new Response("The server failed.\n", { status: 500, headers });
      return new Response("There is no such page.\n", { status: 404, headers });
    }
    const type = kind === "mail" ? "message/rfc822" : "text/html; charset=utf-8";
    const whole = { headers: { ...headers, "Content-Type": type, "Content-Length": body.length } };
    const bandwidth = Number(query.get("bandwidth"));
    const end = fault === "half-body" ? body.length >> 1 : body.length;
    if (wait <= 0 && !(bandwidth > 0) && !fault) return new Response(body, whole);
    // The answer goes on its way at once and only its body is late: what the browser needs to hand over an answer,
    // which is milliseconds where many come at once, is part of the latency and not added to it.
    return new Response(overLine(body, wait, bandwidth, end), whole);
  }

  return (event) => {
    const { pathname, searchParams } = new URL(event.request.url);
    if (!pathname.startsWith(folder)) return;
    const path = pathname.slice(folder.length);
    // Whoever wants to know whether the network is simulated asks for this.
    if (path === "here") return Promise.resolve(new Response(null, { status: 204, headers }));
    return answer(event, path, searchParams);
  };
})();
