/** How a damage changes a line: one field, or the line as a whole. */
import { MAP_TYPE_NAMES, type MapType } from '../../../model/contract/mapping.js';

/** What a damage makes of the lines around a place: the lines that replace `[at, at + 1)`. */
export type Edit = readonly string[];

/** No line. */
export const removed: Edit = [];

/** The line twice. */
export const twice = (text: string): Edit => [text, text];

/** The line with a hexadecimal field set. */
export function withHex(text: string, field: string, value: number): Edit {
  return [text.replace(new RegExp(`( ${field} )0x[0-9a-f]+`), `$10x${value.toString(16)}`)];
}

/** The line with a decimal field set. */
export function withDecimal(text: string, field: string, value: number): Edit {
  return [text.replace(new RegExp(`( ${field} )-?\\d+`), `$1${value}`)];
}

const NONE = '0xffffffffffffffff';

/** The mapping with another type, and an address that agrees with it. */
export function withType(text: string, type: MapType): Edit {
  const stored = MAP_TYPE_NAMES[type] === 'MAPPED' || MAP_TYPE_NAMES[type] === 'UNWRITTEN';
  const typed = text.replace(/ type \S+ \(0x\d\)/, ` type ${MAP_TYPE_NAMES[type]} (0x${type})`);
  return [stored ? typed : withoutAddress(typed)[0]!];
}

/** The mapping without an address. */
export function withoutAddress(text: string): Edit {
  return [text.replace(/ addr 0x[0-9a-f]+/, ` addr ${NONE}`)];
}

/** The line with one flag more, in name and number. */
export function withFlag(text: string, name: string, bit: number): Edit {
  return [
    text.replace(/ flags (\S*) \(0x([0-9a-f]+)\)/, (_all, names: string, raw: string) => {
      const list = names === '' ? [name] : [...names.split('|'), name];
      return ` flags ${list.join('|')} (0x${(Number.parseInt(raw, 16) + 2 ** bit).toString(16)})`;
    }),
  ];
}

/** The line with one flag less. */
export function withoutFlag(text: string, name: string, bit: number): Edit {
  return [
    text.replace(/ flags (\S*) \(0x([0-9a-f]+)\)/, (_all, names: string, raw: string) => {
      const list = names.split('|').filter(other => other !== name);
      return ` flags ${list.join('|')} (0x${(Number.parseInt(raw, 16) - 2 ** bit).toString(16)})`;
    }),
  ];
}
