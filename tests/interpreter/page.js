// What the tests of the engine ask for: scripts are run here, and all that they did is told in one answer.

import { Python } from "./python/engine.js";

const loading = performance.now(), python = Python.load();
/// What a run may take before it counts as hung, in milliseconds.
const PATIENCE = 60_000;

/// Runs `source`. `stop` asks it to end so many milliseconds after its first output; `input` is what it reads, line by
/// line; with `from_load` times begin with the page's first script; a script that says nothing for `silence` milliseconds has hung, and otherwise one that takes too long; `until` ends it once it waits for ever ("stuck") or so many milliseconds after it begins; `texts` are its files.
window.run = async (source, { from_load, stop, silence, until, input = [], texts = {}, ...options }) => {
  const loaded = await python, begin = from_load ? loading : performance.now(), outputs = [];
  let first = null, stopped = null, hung = false, size = 0, waiting = null;
  const files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  let watch;
  const setWatch = () => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      hung = true;
      run.end(-9);
    }, silence ?? PATIENCE);
  };
  setWatch();
  const run = loaded.run(source, {
    ...options, files,
    onStuck(report) {
      waiting ??= { ...report, after: performance.now() - begin };
      if (until === "stuck") run.end(-9);
    },
    onOutput(output) {
      first ??= performance.now() - begin;
      if (silence) setWatch();
      size += output.text.length;
      // An endless print must not fill the test's own memory.
      if (size < 1_000_000) outputs.push(output);
      if (stop !== undefined && stopped === null) {
        stopped = 0;
        setTimeout(() => {
          stopped = performance.now();
          run.stop();
        }, stop);
      }
    },
    onInput: async () => input.shift() ?? null,
  });
  // The ring holds what two threads do in some seconds; a script that does more loses the oldest.
  let events = [], lost = 0, names = [];
  // The longest time for which the page could do nothing else.
  let ticked = performance.now(), gap = 0, memory = 0;
  const read = () => {
    const record = run.record();
    events.push(...record.events.slice(0, 100_000 - events.length));
    lost += record.lost;
    if (record.names.length) names = record.names;
  };
  const reader = setInterval(() => {
    read();
    const sizes = [...run.processes?.values() ?? []].map((process) => process.memory.buffer.byteLength);
    memory = Math.max(memory, ...sizes);
    gap = Math.max(gap, performance.now() - ticked - 50);
    ticked = performance.now();
  }, 50);
  if (typeof until === "number") setTimeout(() => {
    waiting = run.waiting();
    run.end(-9);
  }, until);
  const code = await run.done;
  read();
  clearTimeout(watch);
  clearInterval(reader);
  const end = performance.now();
  return { code, hung, first, took: end - begin, stopping: stopped && end - stopped, outputs, size, events, lost, names, waiting, gap, memory };
};
