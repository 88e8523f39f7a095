// What the tests of the engine ask for: scripts are run here, and all that they did is told in one answer.

import { Python } from "./python/engine.js";

const python = Python.load();
/// What a run may take before it counts as hung, in milliseconds.
const PATIENCE = 60_000;

/// Runs `source`. `stop` asks it to end so many milliseconds after its first output; `input` is what it reads, line by line.
window.run = async (source, { stop, input = [], ...options }) => {
  const loaded = await python, begin = performance.now(), outputs = [];
  let first = null, stopped = null, hung = false, size = 0;
  const run = loaded.run(source, {
    ...options,
    onOutput(output) {
      first ??= performance.now() - begin;
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
  let events = [], lost = 0;
  const reader = setInterval(() => {
    const read = run.record();
    events.push(...read.events.slice(0, 100_000 - events.length));
    lost += read.lost;
  }, 50);
  const watch = setTimeout(() => {
    hung = true;
    run.end(-9);
  }, PATIENCE);
  const code = await run.done;
  clearTimeout(watch);
  clearInterval(reader);
  const end = performance.now();
  return { code, hung, first, took: end - begin, stopping: stopped && end - stopped, outputs, events, lost };
};
