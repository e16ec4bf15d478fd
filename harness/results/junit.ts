/** JUnit's XML, as Jenkins, GitLab and others read it. A known failure is a case that was skipped, with its reason. */
import Builder from 'fast-xml-builder';
import { type Case, countOf, type Suite } from './suite.js';

const builder = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
});

/** A name or a message may hold what XML cannot. */
const UNSPEAKABLE = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export function junit(suite: Suite): string {
  const totals = {
    '@name': `iomap-check ${suite.name}`,
    '@tests': suite.cases.length,
    '@failures': countOf(suite, 'failed'),
    '@errors': 0,
    '@skipped': countOf(suite, 'skipped') + countOf(suite, 'known'),
    ...(suite.seconds === null ? {} : { '@time': suite.seconds.toFixed(3) }),
  };
  const xml = builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...totals, testsuite: { ...totals, testcase: suite.cases.map(testcase) } },
  });
  return `${xml.trimEnd()}\n`;
}

function testcase({ group, name, outcome, message }: Case): object {
  const text = message.replace(UNSPEAKABLE, '\uFFFD');
  const [first = ''] = text.split('\n');
  return {
    '@classname': `iomap-check.${group}`,
    '@name': name.replace(UNSPEAKABLE, '\uFFFD'),
    ...(outcome === 'failed' ? { failure: { '@message': first, '#text': text } } : {}),
    ...(outcome === 'skipped' ? { skipped: { '@message': first } } : {}),
    ...(outcome === 'known' ? { skipped: { '@message': `known: ${first}` } } : {}),
  };
}
