// Keeps what the workers say to the page, as it crosses.
window.said = [];
{
  const { get, set } = Object.getOwnPropertyDescriptor(Worker.prototype, "onmessage");
  Object.defineProperty(Worker.prototype, "onmessage", {
    configurable: true,
    get,
    set(listener) {
      set.call(this, (event) => {
        const bytes = Array.isArray(event.data) ? event.data[0] : event.data;
        if (bytes instanceof Uint8Array) window.said.push(btoa(String.fromCharCode(...bytes)));
        listener?.call(this, event);
      });
    },
  });
}
