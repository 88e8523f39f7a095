// What goes wrong in the page is put down here for the test: not every driver tells of the console.
window.consoleErrors = [];
{
  const note = (...words) => window.consoleErrors.push(words.map(String).join(" "));
  const said = console.error;
  console.error = (...words) => {
    note(...words);
    said.apply(console, words);
  };
  addEventListener("error", (event) => note("error:", event.message ?? event.target?.outerHTML), true);
  addEventListener("unhandledrejection", (event) => note("unhandled rejection:", event.reason));
  document.addEventListener("securitypolicyviolation", (event) =>
    note("against the security policy:", event.effectiveDirective, event.blockedURI, event.sample),
  );
}
