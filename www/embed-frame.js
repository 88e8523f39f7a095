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
offerReport();
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

/** Offers the recorded report, if the address has one: what reads and draws it is loaded when it is asked for. */
function offerReport() {
  const show = document.getElementById("show");
  show.hidden = !location.hash.startsWith("#r=");
  show.addEventListener("click", async () => {
    show.hidden = true;
    try {
      await draw();
    } catch (error) {
      console.error(error);
      show.hidden = false;
      boot.textContent = `The recorded result could not be loaded (${error.message}). Try again.`;
    }
  });
}

/** Shows the recorded report: src/bin/poster.rs reads it. */
async function draw() {
  const program = await import("./poster.js");
  await program.default({ module_or_path: new URL("poster_bg.wasm", document.baseURI) });
  const cores = navigator.hardwareConcurrency ?? 2;
  // The frame's own width, less the space around what stands in it.
  const lines = program.poster([...attributes].flat(), location.hash, cores, root.clientWidth - 32);
  const [sentence, verdict, recorded, problems, ...shapes] = lines;
  if (sentence) document.getElementById("sentence").textContent = sentence;
  // It says "this machine", and means the one that it was recorded on.
  document.getElementById("verdict").textContent = verdict && `“${verdict}”`;
  document.getElementById("recorded").textContent = recorded;
  boot.textContent = problems;
  const picture = document.getElementById("picture");
  picture.hidden = shapes.length === 0;
  picture.firstElementChild.replaceChildren(...shapes.map(shape));
}

/** An SVG element from a line of the poster's program. */
function shape(line) {
  const [name, classes, text, ...attributes] = line.split("\t");
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  element.setAttribute("class", classes);
  element.textContent = text;
  for (let i = 0; i + 1 < attributes.length; i += 2) element.setAttribute(attributes[i], attributes[i + 1]);
  return element;
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
