// What a frame shows of a recorded report until the reader runs it, in few enough letters to be loaded at
// once. It reads links by the tables below and draws their points; whatever needs judgement (a verdict, warnings)
// is left to the program. tests/page/embed.rs holds what it reads to what the program reads.

// Written by `LANES_WRITE=1 cargo test --lib poster` (src/report/link/v1/poster.rs).
const VERSION = 2;
const MODELS = [
  { name: "serial", style: "serial", outline: "M0 -6L6 0L0 6L-6 0Z" },
  { name: "threads", style: "threads", outline: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z" },
  { name: "threads + GIL", style: "threads-gil", outline: "M-4.5 -4.5H4.5V4.5H-4.5Z" },
  { name: "processes", style: "processes", outline: "M0 -5.5L5.8 4.5H-5.8Z" },
  { name: "async", style: "async", outline: "M0 5.5L5.8 -4.5H-5.8Z" },
  { name: "by bottleneck", style: "by-bottleneck", outline: "M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z" },
];
const WORKLOADS = [
  "cosine sum", "big product", "primes", "squares", "matrix product", "simulation", "random forest", "models",
  "images", "16 addresses", "one page, n times", "mailbox", "pipeline", "your script",
];
const BROWSERS = [
  "Chromium", "Google Chrome", "Firefox", "Safari", "Microsoft Edge", "Edge", "Opera", "Brave", "GNOME Web",
];
/** What the vertical axis says: of the same work at all lanes, and of as much for each. */
const AXES = {
  "speed-up": ["times as fast as serial", "times as much as serial in the same time"],
  "time": ["time of the whole workload", "time of one workload for every lane"],
  "efficiency": ["speed-up per lane", "speed-up per lane"],
  "throughput": ["workloads done per second", "workloads done per second"],
};
/** What links leave out. */
const USUAL = { workload: "cosine sum", models: [0, 1, 2, 3], laneCounts: [1, 2, 4], steps: [16, 2, 4] };
/** How each field of a record is read, what it is called if it is asked for, and the bit that says that it is there. */
const LAYOUTS = {
  report: [
    "experiment experiment 0", "text name 1", "number _", "browser browser", "number _", "number cores 2",
    "number _ 3", "number _ 4", "number _ 5", "number _ 6", "number _ 7", "number _ 11", "numbers _ 12",
    "number _ 13", "number _ 13", "estimate _ 8", "estimate _ 9", "points points 10",
  ],
  experiment: [
    "workload workload 0", "number _ 1", "numbers models 2", "numbers laneCounts 3", "flag weak 4", "flag _ 5",
    "number _ 6", "flag _ 8", "number _ 7", "number _ 9", "number _ 10", "number _ 11", "number _ 12", "number _ 13",
    "network _ 14", "pipeline steps 15", "flag python 16", "text _ 17",
  ],
  network: [
    "flag _ 0", "texts _ 1", "number _ 2", "number _ 3", "number _ 4", "number _ 5", "number _ 6", "number _ 7",
  ],
  figures: [
    "figure _ 0", "figure _ 1",
  ],
};
// The end of what is written.

// What the reader is told of a link that cannot be read.
const damaged = () => new Error("its link is damaged: copy it again from where it came");
const cutOff = () => new Error("its link is cut off: copy the whole link");
const newer = () => new Error("its link was made by a newer Lanes: reload the page");

/** What is read of a link; each reading takes away what it has read. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  byte() {
    if (this.at >= this.bytes.length) throw cutOff();
    return this.bytes[this.at++];
  }

  /** A varint. */
  number() {
    let number = 0;
    for (let place = 1; place <= 2 ** 63; place *= 128) {
      const byte = this.byte();
      number += (byte & 127) * place;
      if (byte < 128) return number;
    }
    throw damaged();
  }

  /** So many things in a row, or as many as stand before them: none is longer than what is left. */
  list(take, length = this.count()) {
    return Array.from({ length }, () => this[take]());
  }

  text() {
    const length = this.number();
    const text = this.bytes.subarray(this.at, this.at + length);
    if (text.length < length) throw cutOff();
    this.at += length;
    return new TextDecoder().decode(text);
  }

  /** A record: its bits, all of which have to be known here, and the fields that they say are there. */
  record(name) {
    const rows = LAYOUTS[name].map((row) => row.split(" "));
    const bits = this.number();
    if (bits >= 2 ** (1 + Math.max(...rows.map(([, , bit = 0]) => bit)))) throw newer();
    const isThere = ([, , bit]) => bit === undefined || bits & (1 << bit);
    return Object.fromEntries(rows.filter(isThere).map(([take, name]) => [name, this[take]()]));
  }

  count() {
    const count = this.number();
    if (count > this.bytes.length - this.at) throw cutOff();
    return count;
  }

  /** The interval of a figure, as far as it reaches down and up in thousandths. */
  around(value, down, up) {
    return { value, lo: value * (1 - down / 1e3), hi: value * (1 + up / 1e3) };
  }

  /** A figure of version 2, in thousandths on a log scale. */
  figure() {
    const above = this.number();
    const below = above === 0 ? this.number() : 0;
    if (above + below === 0) return { value: 0, lo: 0, hi: this.number() };
    return this.steps(above > 0 ? above - 1 : -below, this.number() - 1, this.number());
  }

  /** A speed-up of version 2, as far as it is from what is expected; nothing where there is none. */
  ratio(expected) {
    const down = this.number();
    if (down === 0) return undefined;
    const [up, off] = this.numbers(2);
    return this.steps(expected + (off % 2 ? -(off + 1) / 2 : off / 2), down - 2, up);
  }

  /** A figure and how far its interval reaches, in steps; it touches zero where it reaches down by -1. */
  steps(value, down, up) {
    const at = (steps) => Math.exp(steps / 1e3);
    return { value: at(value), lo: down < 0 ? 0 : at(value - down), hi: at(value + up) };
  }

  /** A model's number and its lanes. */
  point() {
    const [model, lanes] = this.numbers(2);
    if (model >= MODELS.length) throw newer();
    return { model, lanes };
  }

  /** One of the known things by its number, with what follows it, or another by its name. */
  known(things, whole = (thing) => thing) {
    const number = this.number();
    if (number > things.length) throw newer();
    return number === 0 ? this.text() : whole(things[number - 1]);
  }

  // What else the tables name.
  flag = () => true;
  numbers = (length) => this.list("number", length);
  estimate = () => this.around(...this.numbers(3));
  texts = () => this.list("text");
  points = () => this.list("point");
  pipeline = () => this.list("point", 3).map(({ lanes }) => lanes);
  workload = () => this.known(WORKLOADS);
  browser = () => this.known(BROWSERS, (name) => `${name} ${this.number()}`);
  network = () => this.record("network");
  experiment = () => ({ ...USUAL, ...this.record("experiment") });
}

/**
 * The first report of the link in a text, which a program on its way may have changed.
 * @returns {{title: string, workload: string, cores?: number, points: object[]} | undefined} Its machine, what ran, and of
 *   every point its model's number, lanes, samples and, if they are known, time in µs and speed-up; nothing if the
 *   text has no link to a report.
 * @throws {Error} in words for the reader
 */
export function read(text) {
  let why;
  for (const [first, ...others] of candidates(text)) {
    for (const letters of [first, ...others]) {
      const known = content(letters);
      if (known) return reportOf(known);
    }
    why ??= whyNot(first);
  }
  if (why) throw why;
}

/** Of every link in a text, what its letters may be: those that follow, then more lines, each with its end mended. */
function* candidates(text) {
  let plain = text.replace(/[\u00ad\u200b-\u200e\u2060\ufeff]/g, "");
  for (let layer = 0; layer < 4; layer++) {
    plain = plain.replace(/[%=]([0-7][0-9a-f])/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
    plain = plain.replaceAll("&amp;", "&");
  }
  for (const { index, 0: { length } } of plain.matchAll(/(?:^|[#*])[/! ]*r(?:\s*=\s*|(?=A))/gi)) {
    const letters = plain.slice(index + length);
    const [first] = letters.match(/^[\w-]*/);
    const all = ends(first);
    let joined = "";
    for (const [, part] of letters.matchAll(/([\w+/-]+)(?:[=>|\\]*\s[\s=>|\\]*)?/gy)) {
      joined += part.replaceAll("+", "-").replaceAll("/", "_");
      all.push(...ends(joined));
      if (all.length > 1e3) break;
    }
    yield all;
  }
}

/** Letters as they are, without the marks at their end, and with one that was lost. */
function ends(letters) {
  const shorter = [0, 1, 2, 3].map((count) => letters.slice(0, letters.length - count));
  const marks = letters.match(/[_-]*$/)[0].length;
  return [...shorter.slice(0, marks + 1), `${letters}_`, `${letters}-`];
}

/** Why the letters of a link cannot be read: those of its first report end too early, or are others. */
function whyNot(letters) {
  try {
    const bytes = bytesOf(letters.slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0)));
    if (bytes[0] < 1 || bytes[0] > VERSION) return damaged();
    const { rest } = reportOf({ version: bytes[0], bytes: bytes.subarray(1) });
    return rest < 2 ? cutOff() : damaged();
  } catch (error) {
    // What it says of its own version cannot be trusted.
    return error.message === cutOff().message ? error : damaged();
  }
}

function reportOf({ version, bytes }) {
  const reader = new Reader(bytes);
  if (reader.number() < 1) throw damaged();
  const { experiment = USUAL, name, browser, cores, points = usualPoints(experiment) } = reader.record("report");
  if (version > 1) reader.record("figures");
  let serialUs;
  for (const point of points) {
    const first = reader.number();
    point.samples = Math.floor(first / 2);
    if (first % 2) reader.numbers(version > 1 ? 4 : 3); // failures, wrong answers, idle lanes, incomplete trials
    if (point.samples === 0) continue;
    point.timeUs = version > 1 ? reader.figure() : reader.estimate();
    if (point.model === 0) {
      serialUs ??= point.timeUs.value;
      point.speedUp = reader.around(1, 0, 0);
      continue;
    }
    // What the times say; version 2 tells what the rounds say.
    const ratio = ((experiment.weak ? point.lanes : 1) * serialUs) / point.timeUs.value;
    if (version > 1) {
      const expected = Math.round(Math.log(ratio) * 1e3);
      point.speedUp = reader.ratio(Number.isFinite(expected) ? expected : 0);
      continue;
    }
    const down = reader.number();
    if (down === 0) continue;
    point.speedUp = reader.around(ratio, down - 1, reader.number());
    if (!Number.isFinite(point.speedUp.value)) throw damaged();
  }
  const machine = [cores && `${cores} cores`, browser].filter(Boolean).join(", ");
  const workload = experiment.workload + (experiment.python ? " in Python" : "");
  const rest = bytes.length - reader.at;
  return { title: name || machine, workload, weak: Boolean(experiment.weak), cores, points, rest };
}

function bytesOf(letters) {
  return Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

/** The version, and what stands between it and the checksum; nothing if that is wrong. */
function content(letters) {
  if (letters.length < 5 || letters.length % 4 === 1) return undefined;
  const bytes = bytesOf(letters);
  // FNV-1a over each byte as a word of 64 bits, of which the lowest 16 bits depend on nothing above them.
  let sum = 0x2325;
  for (const byte of bytes.subarray(0, -2)) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = (sum * 0x1b3) & 0xffff;
  }
  if (bytes[0] < 1 || bytes.at(-2) !== (sum & 255) || bytes.at(-1) !== sum >> 8) return undefined;
  if (bytes[0] > VERSION) throw newer();
  return { version: bytes[0], bytes: bytes.subarray(1, -2) };
}

/** The points that a link need not list. */
function usualPoints({ models, laneCounts, steps }) {
  const sorted = [...laneCounts].sort((a, b) => a - b);
  const lanesOf = (model) => (model === 0 ? [1] : model === 5 ? [Math.max(...steps)] : sorted);
  const known = MODELS.map((_, model) => model).filter((model) => models.includes(model));
  return known.flatMap((model) => lanesOf(model).map((lanes) => ({ model, lanes })));
}

const inverse = ({ value, lo, hi }, one) => ({ value: one / value, lo: one / hi, hi: one / lo });
const times = ({ value, lo, hi }, factor) => ({ value: value * factor, lo: lo * factor, hi: hi * factor });
const short = (number) => String(Number(number.toPrecision(number < 10 ? 2 : 3)));
const ratio = (number) => `${short(number)}×`;

/** The readings of a report's figures: which they are, and how they are written. */
const METRICS = {
  "speed-up": { of: (point) => point.speedUp, write: ratio, least: 2 },
  time: { of: (point) => point.timeUs, write: duration },
  efficiency: {
    of: ({ speedUp, lanes }) => speedUp && times(speedUp, 1 / lanes),
    write: (part) => `${Math.round(part * 100)} %`,
    isLinear: true,
  },
  throughput: {
    of: ({ timeUs, lanes }, weak) => timeUs && inverse(timeUs, 1e6 * (weak ? lanes : 1)),
    write: (rate) => `${short(rate)}/s`,
  },
};

function duration(us) {
  const [unit, size] = us < 1e3 ? ["µs", 1] : us < 1e6 ? ["ms", 1e3] : ["s", 1e6];
  return `${short(us / size)} ${unit}`;
}

/** What the figures say at as many lanes as the machine has cores, or at the most that it ran. */
export function figures({ points, cores }) {
  const known = points.filter((point) => point.speedUp && point.model > 0);
  const counts = known.map((point) => point.lanes);
  const lanes = counts.includes(cores) ? cores : Math.max(...counts);
  const there = known.filter((point) => point.lanes === lanes);
  if (there.length === 0) return "";
  const all = there.map((point) => `${MODELS[point.model].name} ${ratio(point.speedUp.value)}`).join(", ");
  return `Times as fast as serial, at ${lanes === 1 ? "1 lane" : `${lanes} lanes`}: ${all}.`;
}

/** Draws the figures of `report` into an `svg` of this width, in CSS pixels: what `view` says, on such `axes`. */
export function draw(svg, report, { view, axes }, width) {
  const id = view in METRICS ? view : "speed-up";
  const metric = METRICS[id];
  const all = report.points.map((point) => ({ ...point, figure: metric.of(point, report.weak) }));
  const drawn = all.filter(({ figure }) => figure?.value > 0);
  if (drawn.length === 0) return;
  // A narrow frame has no room for figures beside the names.
  const isWide = width > 420;
  const [left, right, top, bottom] = [52, Math.max(width - (isWide ? 150 : 96), 160), 28, 244];
  const lanes = [...new Set(drawn.map((point) => point.lanes))].sort((a, b) => a - b);
  const around = lanes.length > 1 ? 1 : 2;
  const x = scale(axes === "linear", lanes[0] / around, lanes.at(-1) * around, left + 24, right - 24);
  const ends = drawn.flatMap(({ figure }) => [figure.lo, figure.hi]).filter((end) => end > 0);
  const isLinear = axes === "linear" || metric.isLinear;
  const least = Math.min(...ends, metric.least ? 0.9 : Infinity);
  const most = Math.max(...ends, metric.least ?? 0);
  const quarterOctave = (value, round) => 2 ** (round(Math.log2(value) * 4) / 4);
  const [low, high] = isLinear
    ? [0, quarterOctave(most, Math.ceil)]
    : [quarterOctave(least, Math.floor), quarterOctave(Math.max(most, least * 2), Math.ceil)];
  const y = scale(isLinear, low, high, bottom, top);

  svg.replaceChildren();
  const add = (name, classes, attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    element.setAttribute("class", classes);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, typeof value === "number" ? value.toFixed(1) : value);
    }
    element.textContent = text;
    svg.append(element);
  };
  add("text", "title", { x: left, y: 13 }, AXES[id][Number(report.weak)]);
  for (const tick of isLinear ? steps(high) : ticks(low, high)) {
    add("line", "grid", { x1: left, x2: right, y1: y(tick), y2: y(tick) });
    add("text", "tick end", { x: left - 8, y: y(tick) + 4 }, metric.write(tick));
  }
  for (const count of lanes) {
    add("line", "grid", { x1: x(count), x2: x(count), y1: top, y2: bottom + 5 });
    add("text", "tick middle", { x: x(count), y: bottom + 19 }, String(count));
  }
  add("text", "title middle", { x: (left + right) / 2, y: bottom + 38 }, "lanes");

  const labels = [];
  MODELS.forEach(({ name, style, outline }, model) => {
    const line = drawn.filter((point) => point.model === model);
    if (line.length === 0) return;
    const last = line.at(-1);
    labels.push({ style, text: isWide ? `${name} ${metric.write(last.figure.value)}` : name, y: y(last.figure.value) });
    const places = line.map(({ lanes, figure }) => `${x(lanes).toFixed(1)} ${y(figure.value).toFixed(1)}`);
    add("path", `line ${style}`, { d: `M${places.join("L")}` });
    line.forEach(({ figure }, i) => {
      const [up, down] = [figure.hi, figure.lo].map((end) => (y(end) - y(figure.value)).toFixed(1));
      const transform = `translate(${places[i]})`;
      add("path", `whisker ${style}`, { d: `M0 ${up}V${down}M-4 ${up}H4M-4 ${down}H4`, transform });
      add("path", `marker ${style}`, { d: outline, transform });
    });
  });
  // Names that would touch give way downwards, and all of them upwards where there is no room below.
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, i) => (label.y = Math.max(label.y, top, i > 0 ? labels[i - 1].y + 16 : 0)));
  const over = Math.max(0, (labels.at(-1)?.y ?? 0) - bottom);
  for (const { style, text, y } of labels) add("text", `end-label ${style}`, { x: right + 8, y: y - over + 4 }, text);
}

/** Maps equal differences to equal distances on a linear axis, and equal ratios on another. */
function scale(isLinear, low, high, start, end) {
  const at = (value) => (isLinear ? Number : Math.log)(Math.min(Math.max(value, low), high));
  return (value) => start + ((at(value) - at(low)) / (at(high) - at(low))) * (end - start);
}

/** Multiples of the largest round step that makes four or more, from zero on. */
function steps(high) {
  const decade = 10 ** Math.floor(Math.log10(high / 4));
  const step = decade * [5, 2, 1].find((part) => part * decade <= high / 4);
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, number) => number * step);
}

/** Round values between the two: powers of two where the two are near, decades otherwise, and some between. */
function ticks(low, high) {
  const octaves = Math.log2(high / low);
  const [base, between] = octaves < 6 && low < 64 ? [2, octaves < 2.5 ? [1, 1.5] : [1]] : [10, octaves < 7 ? [1, 2, 5] : [1]];
  const found = [];
  for (let power = base ** Math.floor(Math.log(low) / Math.log(base)); power <= high; power *= base)
    found.push(...between.map((part) => part * power));
  return found.filter((tick) => tick >= low && tick <= high);
}
