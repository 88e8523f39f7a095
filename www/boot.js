// Loads the page's program: Trunk names its two files in the attributes of the script tag (see Trunk.toml).
// If that fails, the visitor reads why, in the element that said "Loading" until then.

// Where the browser has Trusted Types, a script comes from this site or not at all (see _headers).
self.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (new URL(url, self.location).origin === self.origin ? url : null),
});

// The theme that the visitor chose, before anything is drawn in another one.
try {
  const theme = localStorage.getItem("lanes-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for this page follows the system.
}

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;

try {
  await isolate();
  const program = await import(new URL(js, document.baseURI));
  await program.default({ module_or_path: new URL(wasm, document.baseURI) });
  // The page's other files are fetched when it has been drawn: before, they would hold it up.
  await new Promise((later) => setTimeout(later, 2_000));
  await keep();
} catch (error) {
  console.error(error);
  const boot = document.getElementById("boot");
  if (boot) {
    boot.dataset.failed = "";
    boot.textContent =
      typeof WebAssembly === "object"
        ? `Lanes could not be loaded (${error.message}). Reload the page to try again.`
        : "Lanes needs WebAssembly, which this browser lacks or has turned off. Open it in a current browser.";
  }
}

/**
 * Isolates the page where the host sends no headers for it: the service worker adds them, from the next
 * load on. So the page loads once more, and if it then is not isolated, never again in this tab.
 */
async function isolate() {
  const TRIED = "lanes-isolation-tried";
  try {
    if (self.crossOriginIsolated) return sessionStorage.removeItem(TRIED);
    const isTried = sessionStorage.getItem(TRIED) !== null;
    if (isTried || !navigator.serviceWorker || window !== window.parent) return;
    sessionStorage.setItem(TRIED, "");
    const registration = await register("service-worker.js?isolate");
    await active(registration);
  } catch {
    // Without a service worker, or a place to remember that it was tried, the page stays as it is.
    return;
  }
  location.reload();
  await new Promise(() => {});
}

/** Has the service worker keep the page's files for visits without a network. */
async function keep() {
  const { serviceWorker } = navigator;
  if (!serviceWorker || window !== window.parent) return;
  const usual = self.crossOriginIsolated ? "service-worker.js" : "service-worker.js?isolate";
  try {
    const registration = await register(serviceWorker.controller?.scriptURL ?? usual);
    const ask = () => newest(registration)?.postMessage("keep");
    registration.addEventListener("updatefound", ask);
    ask();
  } catch {
    // The page works without it, as long as there is a network.
  }
}

function register(script) {
  return navigator.serviceWorker.register(script, { updateViaCache: "none" });
}

function newest({ installing, waiting, active }) {
  return installing ?? waiting ?? active;
}

/** Waits until the service worker answers for the page. */
async function active(registration) {
  const worker = newest(registration);
  while (worker.state !== "activated") {
    if (worker.state === "redundant") throw new Error("the service worker could not be installed");
    await new Promise((changed) => worker.addEventListener("statechange", changed, { once: true }));
  }
}
