// The types of embed.js: what the element <lanes-playground> is told, and what it tells.

/** A figure with its interval. */
export interface Estimate {
  value: number;
  lo: number;
  hi: number;
}

/** What is known of a model at a lane count. */
export interface PointResult {
  model: string;
  lanes: number;
  /** How many samples count. */
  samples: number;
  /** The median time of a trial, in microseconds; null if no sample counts. */
  time_us: Estimate | null;
  /** How many times as fast as serial. */
  speed_up: Estimate | null;
}

/** What came of a run. */
export interface Results {
  /** What the figures say, in a sentence. */
  verdict: string;
  /** An address that carries the experiment and its results. */
  link: string;
  points: PointResult[];
}

/** Settings by the names of the attributes. Numbers are text, too, in the unit that is named. */
export interface Settings {
  // Those of the form: begin
  /** Workload. Plain arithmetic scales best; work that moves memory shows what sharing it costs; work that waits gains beyond the cores. */
  workload?: "cosine-sum" | "big-product" | "primes" | "squares" | "matrix-product" | "simulation" | "forest" | "models" | "images" | "script" | "addresses" | "page" | "mailbox" | "pipeline";
  /** Program. Python runs in an interpreter, slower than CPython, in smaller sizes. Work that waits is compiled only. */
  program?: "compiled" | "python";
  /** Script. A Python module with a function work(task) and a list TASKS. Each process imports it. */
  script?: string;
  /** Size. Small shows what starting and copying cost; large makes that disappear. */
  size?: "s" | "m" | "l";
  /** Models. Leave some out to give the others more of the time. */
  models?: string;
  /** Lane counts. Try more lanes than cores to see where the gain stops. */
  "lane-counts"?: string;
  /** Fetch with. The step that waits for the network, when run by bottleneck. */
  "step-1-model"?: "serial" | "threads" | "threads-gil" | "processes" | "async";
  /** Fetch lanes. Serial has one. */
  "step-1-lanes"?: string;
  /** Parse with. The step that computes, when run by bottleneck. */
  "step-2-model"?: "serial" | "threads" | "threads-gil" | "processes" | "async";
  /** Parse lanes. Serial has one. */
  "step-2-lanes"?: string;
  /** Store with. The step that waits for the database, when run by bottleneck. */
  "step-3-model"?: "serial" | "threads" | "threads-gil" | "processes" | "async";
  /** Store lanes. Serial has one. */
  "step-3-lanes"?: string;
  /** Network. Simulated is the same everywhere; this site and your addresses are as they are. */
  source?: "simulated" | "this-site" | "addresses";
  /** Addresses. One per line. They are requested without cookies once you press Run. Sites that do not allow this page to read them fail. */
  addresses?: string;
  /** Latency (ms). The longer a request waits, the more lanes gain. */
  latency?: string;
  /** Scaling. Strong: same total work, less time? Weak: more work in the same time? */
  scaling?: "strong" | "weak";
  /** Time budget (s). Give it longer for narrower intervals, or less for a quick look. */
  budget?: string;
  /** Jitter (ms). Maximum random extra delay per request. */
  jitter?: string;
  /** Bandwidth (KB/s). Bandwidth per response; 0 means unlimited. */
  bandwidth?: string;
  /** Failing requests (%). Trials with failed requests are reported separately and never averaged with the others. */
  failures?: string;
  /** Failure type. Each kind of failure is reported separately. */
  fault?: "any" | "not-found" | "server-error" | "half-body" | "refused" | "no-answer";
  /** Timeout (s). Requests that take longer than this fail. */
  timeout?: string;
  /** Start of processes. Cold includes process start-up in each trial; warm reuses a pool. */
  start?: "cold" | "warm";
  /** Pool call. Controls when the first result arrives, and whether results keep their order. */
  call?: "map" | "imap" | "imap_unordered" | "apply_async";
  /** Chunk size (tasks). Large chunks make tiny tasks cheaper to hand out; small ones share out uneven tasks better. 0 leaves it to Lanes: large ones first, single tasks at the end. */
  "chunk-size"?: string;
  /** Switch interval (ms). How long a thread waits before it asks for the GIL; CPython waits 5 ms. */
  "switch-interval"?: string;
  /** GIL in native code. Extensions such as NumPy release the GIL while they compute, and then threads help. */
  "native-code"?: "released" | "held";
  /** Minimum rounds. More rounds narrow the intervals on a machine that is not quiet. */
  "min-rounds"?: string;
  /** Maximum rounds. A run ends here even when its intervals are still wide. */
  "max-rounds"?: string;
  /** Seed. The same seed gives the same inputs and the same order of trials. */
  seed?: string;
  // Those of the form: end
  /** The same as "lane-counts". */
  lanes?: string;
  view?: "speed-up" | "time" | "efficiency" | "throughput";
  axes?: "log" | "linear";
  /** What is neither of the two follows the page that the element stands in. */
  theme?: "light" | "dark" | "auto";
  /** There is no other yet; any but English is told as a problem. */
  language?: "en";
  [name: string]: string | undefined;
}

export interface Progress {
  /** How much of the run is done, from 0 to 1. */
  part: number;
  /** What runs, in words. */
  doing: string;
}

export interface LanesEvents {
  /** The frame is there. Its program is loaded when a run, a report or a link is asked for. */
  ready: CustomEvent<undefined>;
  progress: CustomEvent<Progress>;
  result: CustomEvent<Results>;
  error: CustomEvent<{ message: string }>;
}

export interface LanesPlaygroundElement extends HTMLElement {
  /** Runs the experiment; answers when it is over or was stopped. */
  run(): Promise<Results>;
  /** Ends what runs; what was measured stays. */
  stop(): void;
  /** Changes settings. Before the program is there, they become attributes. */
  set(settings: Settings): void;
  /** Answers with the results so far. */
  report(): Promise<Results>;
  /** Answers with the address that carries the experiment, and its results if there are any. */
  link(): Promise<string>;
  addEventListener<K extends keyof LanesEvents>(
    type: K,
    listener: (this: LanesPlaygroundElement, event: LanesEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "lanes-playground": LanesPlaygroundElement;
  }
}
