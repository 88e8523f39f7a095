// An experiment in a frame of another page. Until the reader asks for a run this is all that there is:
// a sentence, perhaps a recorded report, and a button. The program is loaded then.

// Where the browser has Trusted Types, a script comes from this site or not at all (see _headers).
self.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, self.location).origin === self.origin ? url : null),
});

const root = document.documentElement;
const attributes = new URLSearchParams(location.search);
const poster = document.getElementById("poster");
const run = document.getElementById("run");
const boot = document.getElementById("boot");

// What the page is made of: the names of its files carry hashes, and stand there.
const page = fetch("./").then((response) => response.text());
const named = async (pattern) => [...(await page).matchAll(pattern)].map(([, name]) => name);

let host;
let loading;

wear(attributes.get("theme"));
listen();
await dress();
await showReport();
poster.hidden = false;
tellHeight();
run.addEventListener("click", () => load(true));
document.getElementById("open").hash = location.hash;
if (attributes.get("run") === "visible") runWhenSeen();
tell({ lanes: "ready" });

/** Has the page's style, so that nothing moves when the program takes over. */
async function dress() {
  const sheets = await named(/rel="stylesheet" href="([^"]+)"/g).catch(() => []);
  const loaded = sheets.map((href) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    document.head.append(link);
    return new Promise((done) => (link.onload = link.onerror = done));
  });
  await Promise.all(loaded);
}

/** Shows the recorded report, if the address has one. */
async function showReport() {
  if (location.hash.length < 2 || location.hash.startsWith("#x=")) return;
  try {
    const { read, figures, draw } = await import("./poster.js");
    const report = read(location.hash);
    if (!report) return;
    const look = new URLSearchParams(location.hash.slice(1));
    const view = attributes.get("view") ?? look.get("show");
    const axes = attributes.get("axes") ?? look.get("axes");
    document.getElementById("sentence").textContent = "";
    document.getElementById("recorded").textContent =
      `Recorded on another machine (${report.title}): ${report.workload}. Run it to see what yours says.`;
    document.getElementById("verdict").textContent = figures(report);
    const picture = document.getElementById("picture");
    picture.hidden = false;
    // The frame's own width, less the space around what stands in it.
    draw(picture.firstElementChild, report, { view, axes }, root.clientWidth - 32);
  } catch (error) {
    console.error(error);
    boot.textContent = `The recorded result cannot be shown: ${error.message}. Run the experiment, or open it in Lanes.`;
  }
}

/** Wears a theme: light, dark, or what the system prefers. */
function wear(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}

/** Loads the program, once; it runs the experiment at once if `runs`. */
async function load(runs) {
  if (runs) root.dataset.run = "";
  loading ??= (async () => {
    run.disabled = true;
    boot.textContent = "Loading Lanes…";
    const [js] = await named(/data-js="([^"]+)"/g);
    const [wasm] = await named(/data-wasm="([^"]+)"/g);
    const program = await import(new URL(js, document.baseURI));
    await program.default({ module_or_path: new URL(wasm, document.baseURI) });
  })();
  try {
    await loading;
  } catch (error) {
    console.error(error);
    run.disabled = false;
    loading = undefined;
    boot.textContent = `Lanes could not be loaded (${error.message}). Press Run to try again.`;
    tell({ lanes: "error", message: boot.textContent });
  }
}

function runWhenSeen() {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      load(true);
    },
    { threshold: 0.5 },
  );
  observer.observe(poster);
}

/** Takes what the embedding page may ask for before there is a program, and its theme always. */
function listen() {
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || parent === window || typeof data?.lanes !== "string") return;
    host ??= origin;
    if (origin !== host) return;
    if (data.lanes === "theme") wear(data.theme);
    if (data.lanes === "run" && !loading) load(true);
    if (data.lanes === "load" && !loading) load(false);
  });
}

/** Tells the embedding page how high the frame has to be, now and whenever it changes. */
function tellHeight() {
  const height = () => Math.ceil(root.getBoundingClientRect().height);
  new ResizeObserver(() => tell({ lanes: "height", height: height() })).observe(root);
}

function tell(message) {
  if (parent !== window) parent.postMessage(message, "*");
}
