/** CRC-32C, by which recovery tells a whole record from a torn one. */

const TABLE = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
  TABLE[byte] = value;
}

/** Of bytes [from, to), as an unsigned number. */
export function checksum(bytes: Uint8Array, from: number, to: number): number {
  let value = -1;
  for (let i = from; i < to; i++) value = TABLE[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  return ~value >>> 0;
}
