/** In which line of a JSON document a value stands, for what is wrong with a document that can be read. */

/** An object or a list that is open. */
interface Open {
  /** The field or the index of the value that comes next; null where a field comes. */
  at: string | number | null;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"[\]{}:,]+|[[\]{}:,\n]/g;

export class DocumentLines {
  private readonly lines = new Map<string, number>();

  /** `text` is known to be JSON. */
  constructor(text: string) {
    const open: Open[] = [];
    let line = 1;
    for (const [token] of text.matchAll(TOKEN)) {
      const inner = open.at(-1);
      if (token === '\n') line++;
      else if (token === ']' || token === '}') open.pop();
      else if (token === ',' && inner !== undefined) inner.at = typeof inner.at === 'number' ? inner.at + 1 : null;
      else if (inner !== undefined && inner.at === null) inner.at = JSON.parse(token) as string;
      else if (token !== ':') {
        this.lines.set(JSON.stringify(open.map(({ at }) => at)), line);
        if (token === '[' || token === '{') open.push({ at: token === '[' ? 0 : null });
      }
    }
  }

  /** The line in which the value at this path begins; where it is missing, that of what it is missing in. */
  of(...path: readonly (string | number)[]): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return this.lines.get('[]') ?? 1;
  }
}
