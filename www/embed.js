// An experiment of Lanes as an element of any page:
//
//   <script src="https://…/embed.js" async></script>
//   <lanes-playground workload="forest" models="serial,threads,processes"></lanes-playground>
//
// The element is a frame of its own. What its attributes and its API mean stands in embed.d.ts.

(() => {
  const NAME = "lanes-playground";
  const FOLDER = new URL("./", document.currentScript?.src ?? addressOfScript());
  const ORIGIN = FOLDER.origin;
  const LINKS = { experiment: "x=", report: "r=" };
  const OWN = ["theme", "title"];
  const OF_ANY_ELEMENT = /^(id|class|style|slot|hidden|lang|dir|tabindex|role|(data|aria)-.*|on.*)$/;
  // As high as a frame is before it tells so, with a recorded report and without: little moves then.
  const HEIGHTS = { true: 420, false: 112 };

  if (customElements.get(NAME)) return;

  class LanesPlayground extends HTMLElement {
    #frame;
    #ready = false;
    #loaded = false;
    #waiting = [];
    #changes = [];
    #asked = new Map();

    connectedCallback() {
      if (this.#frame) return;
      const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.allow = "cross-origin-isolated; clipboard-write";
      frame.title = this.getAttribute("title") ?? "Lanes: threads or processes?";
      frame.width = "100%";
      frame.height = HEIGHTS[this.hasAttribute("report")];
      frame.style.cssText = "display: block; border: 0; width: 100%; color-scheme: auto";
      frame.src = this.#address();
      this.style.display ||= "block";
      shadow.replaceChildren(frame);
      this.#frame = frame;
      addEventListener("message", this);
      if (this.#follows()) themes.add(this);
    }

    disconnectedCallback() {
      removeEventListener("message", this);
      themes.delete(this);
      this.#frame?.remove();
      this.#frame = undefined;
      this.#ready = this.#loaded = false;
      this.#waiting = [];
      this.#changes = [];
      this.#fail("the element was taken out of its page");
    }

    /** Runs the experiment; answers with its results. */
    run() {
      const results = this.#answer("result");
      this.#send({ lanes: "run" });
      return results;
    }

    /** Ends what runs; what was measured stays. */
    stop() {
      if (this.#loaded) this.#send({ lanes: "stop" });
    }

    /** Changes settings: their names are those of the attributes. */
    set(settings) {
      for (const [name, value] of Object.entries(settings)) {
        if (OWN.includes(name)) this.setAttribute(name, value);
        else if (this.#loaded) this.#send({ lanes: "set", name, value: String(value) });
        else {
          this.setAttribute(name, value);
          // Firefox may load a lazy frame from the address that it had before: the program is told, too.
          if (!(name in LINKS)) this.#changes.push({ lanes: "set", name, value: String(value) });
        }
      }
      if (!this.#loaded && this.#frame) {
        this.#ready = false;
        this.#frame.src = this.#address();
      }
      if (this.#follows()) themes.add(this);
      else themes.delete(this);
      this.wear();
    }

    /** Answers with the results so far; loads the program if it is not there. */
    report() {
      return this.#ask("report");
    }

    /** Answers with the address that carries the experiment, and its results if there are any. */
    link() {
      return this.#ask("link");
    }

    /** Tells the frame the theme that it is to wear. */
    wear() {
      this.#post({ lanes: "theme", theme: this.#theme() });
    }

    handleEvent({ source, origin, data }) {
      if (source !== this.#frame?.contentWindow || origin !== ORIGIN || typeof data?.lanes !== "string") return;
      switch (data.lanes) {
        case "ready":
          this.#ready = true;
          this.#loaded = false;
          this.#post({ lanes: "hello" });
          this.wear();
          if (this.#waiting.length > 0) this.#post({ lanes: "load" });
          return this.#tell("ready");
        case "loaded":
          this.#loaded = true;
          this.#post({ lanes: "hello" });
          [...this.#changes.splice(0), ...this.#waiting.splice(0)].forEach((message) => this.#post(message));
          return;
        case "height":
          if (Number.isFinite(data.height)) this.#frame.height = Math.max(80, data.height);
          return;
        case "progress":
          return this.#tell("progress", { part: data.part, doing: data.doing });
        case "result":
          this.#settle("result", data.results);
          return this.#tell("result", data.results);
        case "report":
          return this.#settle("report", data.results);
        case "link":
          return this.#settle("link", data.link);
        case "error":
          this.#fail(data.message);
          return this.#tell("error", { message: data.message });
      }
    }

    #address() {
      const address = new URL("embed.html", FOLDER);
      for (const { name, value } of this.attributes) {
        if (name in LINKS) address.hash = LINKS[name] + value.replace(/^#?[xr]=/, "");
        else if (!OWN.includes(name) && !OF_ANY_ELEMENT.test(name)) address.searchParams.set(name, value);
      }
      const theme = this.#theme();
      if (theme) address.searchParams.set("theme", theme);
      return address.href;
    }

    #follows() {
      return !["light", "dark"].includes(this.getAttribute("theme"));
    }

    // A page that was given a theme says so by its colour scheme; one that has both follows the system.
    #theme() {
      if (!this.#follows()) return this.getAttribute("theme");
      const scheme = getComputedStyle(this).colorScheme;
      if (scheme === "light" || scheme === "dark") return scheme;
      const background = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g)?.map(Number);
      if (!background || background[3] === 0) return scheme === "normal" ? "light" : null;
      const [red, green, blue] = background;
      return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
    }

    // Orders wait until there is a program to take them; the first one has it loaded.
    #send(message) {
      if (this.#loaded) return this.#post(message);
      this.#waiting.push(message);
      this.#frame?.setAttribute("loading", "eager");
      this.#post({ lanes: "load" });
    }

    #post(message) {
      if (this.#ready) this.#frame.contentWindow.postMessage(message, ORIGIN);
    }

    #ask(what) {
      const answer = this.#answer(what);
      this.#send({ lanes: what });
      return answer;
    }

    #answer(what) {
      if (!this.#frame) return Promise.reject(new Error("the element is in no page"));
      return new Promise((resolve, reject) => {
        this.#asked.set(what, [...(this.#asked.get(what) ?? []), { resolve, reject }]);
      });
    }

    #settle(what, answer) {
      const asked = this.#asked.get(what) ?? [];
      this.#asked.delete(what);
      asked.forEach(({ resolve }) => resolve(answer));
    }

    #fail(message) {
      const asked = [...this.#asked.values()].flat();
      this.#asked.clear();
      asked.forEach(({ reject }) => reject(new Error(message)));
    }

    #tell(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }

  // The elements that follow their page's theme; they are told when something of it may have changed.
  const themes = new Set();
  const changed = () => themes.forEach((element) => element.wear());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  const start = () => {
    for (const node of [document.documentElement, document.body])
      observer.observe(node, { attributes: true });
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start, { once: true });

  customElements.define(NAME, LanesPlayground);

  // As a module the script does not know where it comes from: the tag that asks for it does.
  function addressOfScript() {
    const script = document.querySelector('script[src$="/embed.js"]');
    if (!script) throw new Error("embed.js has to be loaded by a script tag with its address");
    return script.src;
  }
})();
