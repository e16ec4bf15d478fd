/** The Test Anything Protocol, version 14. A known failure is one that is still to be done (`TODO`). */
import type { Case, Suite } from './suite.js';

export function tap({ cases }: Suite): string {
  return `${['TAP version 14', `1..${cases.length}`, ...cases.flatMap(lines)].join('\n')}\n`;
}

function lines({ group, name, outcome, message }: Case, place: number): string[] {
  const what = `${place + 1} - ${plain(`${group}: ${name}`)}`;
  switch (outcome) {
    case 'passed':
      return [`ok ${what}`];
    case 'skipped':
      return [`ok ${what} # SKIP ${plain(message)}`];
    case 'known':
      return [`not ok ${what} # TODO ${plain(message)}`];
    case 'failed':
      // A string of JSON is one of YAML.
      return [`not ok ${what}`, '  ---', `  message: ${JSON.stringify(message)}`, '  ...'];
  }
}

/** On one line, where `#` would begin a directive. */
function plain(text: string): string {
  return text.replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ');
}
