/**
 * Streams the text of a trace buffer: plain or gzipped (told by its first bytes, not by its name), from a file or from
 * standard input (`-`), of any length in bounded memory. Lines that are no events — comments, headers of `trace-cmd`,
 * markers of lost events — become notes or nothing; none of them ends the reading.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { KernelEvent, KernelNote } from '../../model/contract/kernel-event.js';
import { EventReader } from './event.js';

/** Who is told what was read, in the order of the text. */
export interface KernelTextSink {
  event(event: KernelEvent): void;
  note(note: KernelNote): void;
}

/** How much was read. */
export interface KernelTextTotals {
  readonly lines: number;
  readonly events: number;
}

/** No line of a trace buffer is near as long; what is, is not text. */
const LONGEST_LINE = 1 << 20;

/** Takes the text in pieces. For text that is in memory already; files go through `readKernelText`. */
export class KernelTextParser {
  lines = 0;
  events = 0;
  private readonly sink: KernelTextSink;
  private readonly reader = new EventReader();
  private rest: Buffer | null = null;

  constructor(sink: KernelTextSink) {
    this.sink = sink;
  }

  /** The next bytes. */
  push(chunk: Buffer): void {
    let data = chunk;
    if (this.rest !== null) {
      data = Buffer.concat([this.rest, chunk]);
      this.rest = null;
    }
    let from = 0;
    for (let end = data.indexOf(10, from); end >= 0; end = data.indexOf(10, from)) {
      this.text(data.toString('latin1', from, end));
      from = end + 1;
    }
    if (data.length - from > LONGEST_LINE) this.text(data.toString('latin1', from, from + 200));
    else if (from < data.length) this.rest = Buffer.from(data.subarray(from));
  }

  /** The end of the input; a last line without newline counts. */
  end(): KernelTextTotals {
    if (this.rest !== null) this.text(this.rest.toString('latin1', 0, this.rest.length));
    this.rest = null;
    return { lines: this.lines, events: this.events };
  }

  private text(raw: string): void {
    const line = ++this.lines;
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const event = text.startsWith('#') ? null : this.reader.read(text, line);
    if (event !== null) {
      this.events++;
      this.sink.event(event);
      return;
    }
    const note = noteOf(text, line);
    if (note !== null) this.sink.note(note);
  }
}

const LOST = /^CPU[: ]\s*(\d+) \[(?:LOST )?(?:(\d+) )?EVENTS(?: DROPPED| LOST)?\]/;
const KEPT = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/;
/** Comments of tracefs, empty lines, and the preamble of `trace-cmd report`. */
const NOTHING =
  /^\s*$|^#|^cpus=\d+|^version = |^CPU \d+ is empty|^trace-cmd |^\s*\[?(?:CPU|cpu):?\s*\d+\]?.*buffer started/;

/** What a line without an event says. */
function noteOf(text: string, line: number): KernelNote | null {
  const lost = LOST.exec(text);
  if (lost !== null) return { kind: 'lost', line, cpu: Number(lost[1]), count: Number(lost[2] ?? -1) };
  const kept = KEPT.exec(text);
  if (kept !== null) {
    const count = Number(kept[2]) - Number(kept[1]);
    return count > 0 ? { kind: 'overwritten', line, count } : { kind: 'snapshot', line };
  }
  return NOTHING.test(text) ? null : { kind: 'unreadable', line, text: text.slice(0, 200) };
}

/** Reads a file, or standard input for `-`. Rejects with the system's error when it cannot be opened or read. */
export async function readKernelText(path: string, sink: KernelTextSink): Promise<KernelTextTotals> {
  const source: NodeJS.ReadableStream =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  const parser = new KernelTextParser(sink);
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  let ended = false;
  while (start.length < 2 && !ended) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else start = Buffer.concat([start, next.value]);
  }
  const whole = (async function* () {
    yield start;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    for await (const chunk of whole) parser.push(chunk);
    return parser.end();
  }
  const gunzip = createGunzip();
  const feeding = feed(whole, gunzip);
  try {
    for await (const chunk of gunzip) parser.push(chunk as Buffer);
  } catch (error) {
    // Data that ends early is a recording cut off: what there is of it can still be judged.
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR' || parser.lines === 0) throw error;
    sink.note({ kind: 'truncated', line: parser.lines + 1 });
  }
  await feeding;
  return parser.end();
}

/** Writes everything into a stream, at its pace. */
async function feed(chunks: AsyncIterable<Buffer>, into: NodeJS.WritableStream): Promise<void> {
  for await (const chunk of chunks) {
    if (!into.writable) return;
    if (!into.write(chunk)) {
      await new Promise<void>(resolve => {
        const go = (): void => {
          into.off('drain', go);
          into.off('close', go);
          resolve();
        };
        into.on('drain', go);
        into.on('close', go);
      });
    }
  }
  into.end();
}
