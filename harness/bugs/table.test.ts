import test from 'ava';
import type { Detection } from './campaign-child.js';
import type { HuntReport } from './hunt.js';
import { detectionTable } from './table.js';

function reportWith(...alarms: Detection[]): HuntReport {
  return { schema: 1, seeds: ['1'], operations: 10, bugs: [], found: 0, total: 0, falseAlarms: alarms.length, alarms };
}

const nothing: Detection = {
  seed: '1',
  found: true,
  alarm: false,
  by: null,
  message: null,
  operations: null,
  schedules: null,
  seconds: 1,
  trace: null,
  steps: null,
  note: null,
};

test('what the unchanged package was reported for is told, with its trace', t => {
  const text = detectionTable(
    reportWith({ ...nothing, by: 'INV-30', message: 'byte 3', trace: 'out/a.trace', steps: 2 }),
  );
  t.regex(text, /^unchanged package, seed 1: INV-30: byte 3\n {2}iomap-check replay out\/a\.trace$/m);
  t.regex(text, /false alarms of the unchanged package: 1\n$/);
});

test('a control that does not end may only be slow', t => {
  const text = detectionTable(reportWith({ ...nothing, by: 'hang', message: 'the campaign did not end within 2 s' }));
  t.regex(text, /hang: .* within 2 s; the machine may be busy, and --patience gives it longer$/m);
});

test('the trace of a bug is told as one that fails with the diff alone', t => {
  const detection = { ...nothing, by: 'INV-30', message: 'byte 3', operations: 5, trace: 'out/a.trace', steps: 2 };
  const { by, message, trace, steps } = detection;
  const bug = {
    ...{ slug: 'a-bug', commit: null, foundIn: null, found: true, operationsToDetect: [5], secondsToDetect: [1] },
    ...{ by, message, trace, steps, note: null, detections: [detection] },
  };
  const text = detectionTable({ ...reportWith(), bugs: [bug], found: 1, total: 1 });
  t.regex(text, /^a-bug: byte 3\n {2}a trace of it, which fails only with the diff applied: out\/a\.trace$/m);
  const note = 'as recorded, because 3 like it were shrunk';
  const noted = detectionTable({ ...reportWith(), bugs: [{ ...bug, note }], found: 1, total: 1 });
  t.regex(noted, /out\/a\.trace\n {2}as recorded, because 3 like it were shrunk$/m);
});

test('a bug whose trace fails without the diff too is not found', t => {
  const detection = { ...nothing, found: false, alarm: true, by: 'INV-69', message: 'byte 3', trace: 'out/a.trace' };
  const bug = {
    ...{
      slug: 'a-bug',
      commit: null,
      foundIn: null,
      found: false,
      operationsToDetect: [null],
      secondsToDetect: [null],
    },
    ...{ by: null, message: null, trace: null, steps: null, note: null, detections: [detection] },
  };
  const text = detectionTable({ ...reportWith(detection), bugs: [bug], total: 1 });
  t.regex(text, /^a-bug +alarm/m);
  t.regex(text, /^unchanged package, seed 1: INV-69: byte 3$/m);
  t.regex(text, /0 of 1 found on every seed, false alarms of the unchanged package: 1\n$/);
});
