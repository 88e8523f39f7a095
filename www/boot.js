// Loads the page's program: Trunk names its two files in the attributes of the script tag (see Trunk.toml).
// If that fails, the visitor reads why, in the element that said "Loading" until then.

// The theme that the visitor chose, before anything is drawn in another one.
try {
  const theme = localStorage.getItem("lanes-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for this page follows the system.
}

const { js, wasm } = document.querySelector("script[data-wasm]").dataset;

try {
  const program = await import(new URL(js, document.baseURI));
  await program.default({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  console.error(error);
  const boot = document.getElementById("boot");
  boot.dataset.failed = "";
  boot.textContent =
    typeof WebAssembly === "object"
      ? `Lanes could not be loaded (${error.message}). Reload the page to try again.`
      : "Lanes needs WebAssembly, which this browser lacks or has turned off. Open it in a current browser.";
}
