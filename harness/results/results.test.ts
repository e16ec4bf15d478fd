import test from 'ava';
import { junit } from './junit.js';
import { failed, known, passed, type Suite, skipped } from './suite.js';
import { tap } from './tap.js';

const suite: Suite = {
  name: 'run',
  seconds: 1.5,
  cases: [
    passed('rules', 'INV-01'),
    failed('rules', 'INV-13', 'file 0: byte 3 is "x" & <y>\ntrace: out/inv-13.trace'),
    skipped('rules', 'INV-57', 'nothing happened that it judges'),
    known('rules', 'INV-69', 'issue #4'),
  ],
};

test('JUnit counts, escapes, and takes known failures for skipped', t => {
  t.is(
    junit(suite),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="iomap-check run" tests="4" failures="1" errors="0" skipped="2" time="1.500">
  <testsuite name="iomap-check run" tests="4" failures="1" errors="0" skipped="2" time="1.500">
    <testcase classname="iomap-check.rules" name="INV-01"/>
    <testcase classname="iomap-check.rules" name="INV-13">
      <failure message="file 0: byte 3 is &quot;x&quot; &amp; &lt;y&gt;">file 0: byte 3 is &quot;x&quot; &amp; &lt;y&gt;
trace: out/inv-13.trace</failure>
    </testcase>
    <testcase classname="iomap-check.rules" name="INV-57">
      <skipped message="nothing happened that it judges"/>
    </testcase>
    <testcase classname="iomap-check.rules" name="INV-69">
      <skipped message="known: issue #4"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('what XML cannot hold is replaced', t => {
  t.regex(
    junit({ ...suite, cases: [failed('all', 'a\u0001b', '\u001b[31mred')] }),
    /name="a\uFFFDb"[\s\S]*>\uFFFD\[31mred</,
  );
});

test('a suite without cases is one', t => {
  const nothing: Suite = { name: 'replay', seconds: null, cases: [] };
  t.regex(junit(nothing), /<testsuite name="iomap-check replay" tests="0" failures="0" errors="0" skipped="0"\/>/);
  t.is(tap(nothing), 'TAP version 14\n1..0\n');
});

test('TAP tells failures, what was skipped and what is known apart', t => {
  t.is(
    tap(suite),
    `TAP version 14
1..4
ok 1 - rules: INV-01
not ok 2 - rules: INV-13
  ---
  message: "file 0: byte 3 is \\"x\\" & <y>\\ntrace: out/inv-13.trace"
  ...
ok 3 - rules: INV-57 # SKIP nothing happened that it judges
not ok 4 - rules: INV-69 # TODO issue \\#4
`,
  );
});
