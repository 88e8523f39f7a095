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

/** Settings by the names of the attributes; those of the page's form are among them, as "chunk-size". */
export interface Settings {
  workload?: string;
  size?: "s" | "m" | "l";
  /** Names with commas between them. */
  models?: string;
  /** Lane counts with commas between them. */
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
