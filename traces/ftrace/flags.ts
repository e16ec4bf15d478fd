/**
 * The kernel's printed flag sets and mapping types, by name. Each distinct text is parsed once. Bit positions of Linux
 * 6.18 stand here and nowhere else; bits without a name in the contract are kept apart, so that a newer kernel's flags
 * are survived and can be reported.
 */
import { MAP_TYPE_NAMES, MapFlag, type MapType } from '../../model/contract/mapping.js';
import { OpFlag } from '../../model/contract/op-flags.js';

/** A printed set, understood. */
export interface FlagSet {
  readonly flags: number;
  /** Bits that have no name in the contract. */
  readonly unknown: number;
  /** The printed names are those of the printed number. */
  readonly named: boolean;
}

interface Bit {
  readonly bit: number;
  readonly name: string;
  /** 0: known to the kernel, without a place in the contract. */
  readonly flag: number;
}

const MAP_BITS: readonly Bit[] = [
  { bit: 0, name: 'NEW', flag: MapFlag.NEW },
  { bit: 1, name: 'DIRTY', flag: MapFlag.DIRTY },
  { bit: 2, name: 'SHARED', flag: MapFlag.SHARED },
  { bit: 3, name: 'MERGED', flag: MapFlag.MERGED },
  { bit: 4, name: 'BH', flag: 0 },
  { bit: 5, name: 'XATTR', flag: MapFlag.XATTR },
  { bit: 6, name: 'BOUNDARY', flag: MapFlag.BOUNDARY },
  { bit: 7, name: 'ANON_WRITE', flag: MapFlag.ANON_WRITE },
  { bit: 8, name: 'ATOMIC_BIO', flag: MapFlag.ATOMIC_BIO },
  { bit: 12, name: 'PRIVATE', flag: MapFlag.PRIVATE },
  { bit: 14, name: 'SIZE_CHANGED', flag: MapFlag.SIZE_CHANGED },
  { bit: 15, name: 'STALE', flag: MapFlag.STALE },
];

const OP_NAMES = [
  'WRITE',
  'ZERO',
  'REPORT',
  'FAULT',
  'DIRECT',
  'NOWAIT',
  'OVERWRITE_ONLY',
  'UNSHARE',
  'DAX',
  'ATOMIC',
  'DONTCACHE',
] as const;
const OP_BITS: readonly Bit[] = OP_NAMES.map((name, bit) => ({ bit, name, flag: OpFlag[name] }));

/** Reads sets of one kind, remembering each text it has seen. `(0x…)` must follow the names. */
class FlagReader {
  private readonly seen = new Map<string, FlagSet | null>();
  private readonly bits: readonly Bit[];

  constructor(bits: readonly Bit[]) {
    this.bits = bits;
  }

  /** Null when the text is no flag set. */
  read(text: string): FlagSet | null {
    let set = this.seen.get(text);
    if (set === undefined) {
      set = this.parse(text);
      // A hostile text could hold a new set in every line.
      if (this.seen.size < 4096) this.seen.set(text, set);
    }
    return set;
  }

  private parse(text: string): FlagSet | null {
    const match = /^(\S*) \(0x([0-9a-f]{1,8})$/.exec(text);
    if (match === null) return null;
    const raw = Number.parseInt(match[2]!, 16);
    const names = match[1] === '' ? [] : match[1]!.split('|').filter(name => !/^0x[0-9a-f]+$/.test(name));
    let left = raw;
    let flags = 0;
    const known: string[] = [];
    for (const { bit, name, flag } of this.bits) {
      const mask = 2 ** bit;
      if (Math.floor(raw / mask) % 2 === 0) continue;
      left -= mask;
      flags |= flag;
      known.push(name);
    }
    const strangers = names.filter(name => !this.bits.some(bit => bit.name === name));
    // A name that is not in the table belongs to a bit that is not in the table either: a newer kernel.
    const named =
      known.every(name => names.includes(name)) &&
      names.length - strangers.length === known.length &&
      (strangers.length === 0 || left !== 0);
    return { flags, unknown: left, named };
  }
}

const mapReader = new FlagReader(MAP_BITS);
const opReader = new FlagReader(OP_BITS);

/** A mapping's flags from `NEW|DIRTY (0x3` (the closing bracket left out). */
export function readMapFlags(text: string): FlagSet | null {
  return mapReader.read(text);
}

/** An operation's flags from `WRITE|DIRECT (0x11`. */
export function readOpFlags(text: string): FlagSet | null {
  return opReader.read(text);
}

/** The contract's bits of a mapping's flags printed as a bare number. */
export function mapFlagsOfNumber(raw: number): number {
  let flags = 0;
  for (const { bit, flag } of MAP_BITS) if (Math.floor(raw / 2 ** bit) % 2 === 1) flags |= flag;
  return flags;
}

/** A type from `MAPPED (0x2`; null when there is no number. A number that is no type comes back as it is, not `named`. */
export function readMapType(text: string): { type: MapType; named: boolean } | null {
  const match = /^(\S*) \(0x([0-9a-f]{1,4})$/.exec(text);
  if (match === null) return null;
  const type = Number.parseInt(match[2]!, 16) as MapType;
  return { type, named: match[1] === MAP_TYPE_NAMES[type] };
}
