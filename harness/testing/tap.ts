/**
 * Reads the test runner's TAP 13 stream line by line and tells what each test did. Covers what AVA writes (test lines
 * with SKIP and TODO directives, indented detail blocks, comments); deliberately not nested subtests or bail-outs, which
 * AVA never writes.
 */

/** How one test ended. `todo` is a test that is only announced; it counts as skipped, because nothing ran. */
export type TapOutcome = 'passed' | 'failed' | 'skipped';

/** What a TAP line means: a test with its title, a line of detail about the test before, or nothing of interest. */
export type TapLine =
  | { readonly kind: 'test'; readonly outcome: TapOutcome; readonly title: string }
  | { readonly kind: 'detail'; readonly text: string }
  | { readonly kind: 'other' };

const TEST = /^(not )?ok \d+(?: - )?(.*)$/;
const DIRECTIVE = / # (SKIP|TODO)\b.*$/i;

/** Understands one line. */
export function readTapLine(line: string): TapLine {
  const found = TEST.exec(line);
  if (found !== null) {
    const rest = found[2] ?? '';
    const directive = DIRECTIVE.exec(rest);
    const title = (directive === null ? rest : rest.slice(0, directive.index)).replaceAll('\\#', '#');
    if (directive !== null) return { kind: 'test', outcome: 'skipped', title };
    return { kind: 'test', outcome: found[1] === undefined ? 'passed' : 'failed', title };
  }
  if (/^ {2}(---|\.\.\.)$/.test(line)) return { kind: 'other' };
  if (line.startsWith('  ')) return { kind: 'detail', text: line };
  // Logs of a test (`t.log`) come as comments with three spaces behind the mark; the others are counts.
  if (line.startsWith('#   ')) return { kind: 'detail', text: line.slice(1) };
  return { kind: 'other' };
}
