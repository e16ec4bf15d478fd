/**
 * Is a recovered state one of those that are permitted? It is if there is a prefix of the transactions for which every size
 * and every byte of every file is possible (crash.md section 5). Sectors choose their contents independently (CR-03), so a
 * state with several candidates a sector stands for their whole product: after each sector the judge keeps the sets of
 * prefixes that some choice leaves, and a state is forbidden as soon as a choice leaves none. Nothing is enumerated.
 *
 * Realizes INV-60, INV-61, INV-62, INV-64, INV-65, CR-12, CR-30 … CR-45, CR-82, CR-90. Weaker than the specification, and
 * sound, where overlapping or failed calls are in the window (window.ts, moment.ts) and around shifts (versions.ts).
 */
import type { Bytes, Finding } from '../../contract/index.js';
import { EverHeld } from './ever-held.js';
import { explainByteAfterCrash, explainMixture, explainSize } from './explain.js';
import { chunkAt } from './moment.js';
import type { Candidate, Medium, RecoveredExtent, RecoveredFile } from './recovered.js';
import { BlockVersions, grownBy } from './versions.js';
import { type FileWindow, sizesOf, type Window } from './window.js';

/** More sets of prefixes than this are not kept apart; the largest are dropped, which only permits more. */
const MOST_SETS = 64;

/** Bytes [at, at + n) of a recovered file: a sector, or a block that reads as zero. */
interface Piece {
  readonly recovered: RecoveredFile;
  readonly file: FileWindow;
  readonly at: Bytes;
  readonly n: number;
  /** Recovery maps its block as written. */
  readonly written: boolean;
}

export class CrashJudge {
  readonly window: Window;
  private readonly block: Bytes;
  private readonly versions = new Map<string, BlockVersions>();
  private readonly held = new Map<FileWindow, EverHeld>();
  /** What is possible after the sectors looked at so far, as bits of the window's classes. */
  private sets: number[] = [];

  constructor(window: Window) {
    this.window = window;
    this.block = window.timeline.state.block;
  }

  /** Null if permitted, or what is wrong. */
  judge(files: readonly RecoveredFile[], medium: Medium): Finding | null {
    this.sets = [2 ** this.window.classes.length - 1];
    for (const recovered of files) {
      const found = this.judgeSize(recovered);
      if (found !== null) return found;
    }
    for (const recovered of files) {
      const found = this.judgeFile(recovered, medium);
      if (found !== null) return found;
    }
    return null;
  }

  private judgeSize(recovered: RecoveredFile): Finding | null {
    const file = this.window.files[recovered.file]!;
    const { size } = recovered;
    const possible = this.classesWhere(prefix => {
      const { least, most, other } = sizesOf(this.window, file, prefix);
      return (size >= least && size <= most) || size === other;
    });
    if (possible === 0) return explainSize(this.window, file, size);
    return this.narrow([possible]) ? null : explainMixture(this.window, file, size);
  }

  private judgeFile(recovered: RecoveredFile, medium: Medium): Finding | null {
    const { block } = this;
    const file = this.window.files[recovered.file]!;
    let next = 0;
    for (const extent of recovered.extents) {
      if (!extent.written) continue;
      const found = this.judgeGap(recovered, file, next, extent.offset) ?? this.judgeExtent(recovered, extent, medium);
      if (found !== null) return found;
      next = extent.offset + extent.length;
    }
    return next < recovered.size ? this.judgeGap(recovered, file, next, recovered.size + block) : null;
  }

  private judgeExtent(recovered: RecoveredFile, extent: RecoveredExtent, medium: Medium): Finding | null {
    const { sectorSize } = medium;
    const file = this.window.files[recovered.file]!;
    const end = Math.min(extent.offset + extent.length, recovered.size);
    for (let at = extent.offset; at < end; at += sectorSize) {
      const n = Math.min(sectorSize, recovered.size - at);
      const candidates = medium.candidates(extent.address + (at - extent.offset));
      const found = this.judgePiece({ recovered, file, at, n, written: true }, candidates);
      if (found !== null) return found;
    }
    return null;
  }

  /** Blocks of [from, to) read as zero. Where no moment has a chunk nothing else was ever there. */
  private judgeGap(recovered: RecoveredFile, file: FileWindow, from: Bytes, to: Bytes): Finding | null {
    const { block } = this;
    const { moments } = file.line;
    const last = Math.min(to, recovered.size);
    if (from >= last) return null;
    const done = new Set<Bytes>();
    for (let i = file.base; i <= file.last; i++) {
      for (const chunk of moments[i]!.chunks) {
        if (chunk.end <= from || chunk.start >= last || done.has(chunk.start)) continue;
        done.add(chunk.start);
        for (let at = Math.max(from, chunk.start); at < Math.min(last, chunk.end); at += block) {
          if (!this.everWritten(file, at)) continue;
          const n = Math.min(block, recovered.size - at);
          const found = this.judgePiece({ recovered, file, at, n, written: false }, [zeroes(n)]);
          if (found !== null) return found;
        }
      }
    }
    return null;
  }

  private everWritten({ line, base, last }: FileWindow, at: Bytes): boolean {
    for (let i = base; i <= last; i++) if (chunkAt(line.moments[i]!.chunks, at)?.bytes) return true;
    return false;
  }

  private judgePiece(piece: Piece, candidates: readonly Candidate[]): Finding | null {
    const masks: number[] = [];
    for (const candidate of candidates) {
      const mask = this.classesWhere(prefix => this.wrong(piece, candidate, prefix) < 0);
      if (mask === 0) return this.explain(piece, candidate);
      if (!masks.includes(mask)) masks.push(mask);
    }
    if (this.narrow(masks)) return null;
    const worst = candidates.find(candidate => !this.possible(piece, candidate)) ?? candidates[0]!;
    return this.explain(piece, worst);
  }

  /** True if the candidate leaves something in every set that was possible before the last narrowing. */
  private possible(piece: Piece, candidate: Candidate): boolean {
    const mask = this.classesWhere(prefix => this.wrong(piece, candidate, prefix) < 0);
    return this.sets.every(set => (set & mask) !== 0);
  }

  private wrong({ recovered, file, at, n, written }: Piece, { bytes, at: index }: Candidate, prefix: number): number {
    const { block } = this;
    const start = at - (at % block);
    const versions = this.versionsOf(file, start, prefix);
    const { size } = recovered;
    if (size > start && size <= start + block) {
      const { least } = sizesOf(this.window, file, prefix);
      // CR-12: what made the file this long was a write of this block, and its data went before the size. Only a block that
      // was not converted with it can show zeroes (CR-41).
      if (size > least && (written || versions.certain)) {
        const since = grownBy(this.window, file, prefix, size);
        if (since >= 0) return versions.wrong(at - start, n, bytes, index, Math.max(0, least - start), since);
      }
    }
    return versions.wrong(at - start, n, bytes, index);
  }

  private versionsOf(file: FileWindow, start: Bytes, prefix: number): BlockVersions {
    const key = `${file.line.file}/${start}/${prefix}`;
    let known = this.versions.get(key);
    if (known === undefined) {
      known = new BlockVersions(this.window, file, this.heldIn(file), start, prefix);
      this.versions.set(key, known);
    }
    return known;
  }

  private heldIn(file: FileWindow): EverHeld {
    let known = this.held.get(file);
    if (known === undefined) {
      known = new EverHeld(file, this.block);
      this.held.set(file, known);
    }
    return known;
  }

  private classesWhere(test: (prefix: number) => boolean): number {
    let mask = 0;
    this.window.classes.forEach((prefixes, k) => {
      if (prefixes.some(test)) mask += 2 ** k;
    });
    return mask;
  }

  /** One of these sets of prefixes applies. False, with the sets as they were, if some choice leaves nothing. */
  private narrow(masks: readonly number[]): boolean {
    const left: number[] = [];
    for (const set of this.sets)
      for (const mask of masks) {
        const both = set & mask;
        if (both === 0) return false;
        if (!left.includes(both)) left.push(both);
      }
    // A set within another decides alone.
    this.sets = left.filter(set => !left.some(other => other !== set && (other & set) === other)).slice(0, MOST_SETS);
    return true;
  }

  private explain(piece: Piece, candidate: Candidate): Finding {
    const { recovered, file, at } = piece;
    const prefixes = this.window.classes.flat();
    // The byte that the most generous prefix forbids.
    let place = -1;
    for (const prefix of prefixes) {
      const wrong = this.wrong(piece, candidate, prefix);
      if (wrong > place) place = wrong;
    }
    const start = at - (at % this.block);
    const offset = place < 0 ? at : start + place;
    return explainByteAfterCrash(
      this.window,
      file,
      recovered.size,
      offset,
      candidate.bytes[candidate.at + (offset - at)]!,
    );
  }
}

let zero = new Uint8Array(4096);

function zeroes(n: number): Candidate {
  if (zero.length < n) zero = new Uint8Array(n);
  return { bytes: zero, at: 0 };
}
