/** The errno values that calls, callbacks and devices return, negative as in the kernel. `0` is success. */
import type { Errno } from './units.js';

export const EPERM: Errno = -1;
export const ENOENT: Errno = -2;
export const EINTR: Errno = -4;
export const EIO: Errno = -5;
export const ENXIO: Errno = -6;
export const EAGAIN: Errno = -11;
export const ENOMEM: Errno = -12;
export const EACCES: Errno = -13;
export const EFAULT: Errno = -14;
/** Never reaches an application: "finish what was done, then continue through the page cache" (MAP-35). */
export const ENOTBLK: Errno = -15;
export const EBUSY: Errno = -16;
export const EINVAL: Errno = -22;
export const EFBIG: Errno = -27;
export const ENOSPC: Errno = -28;
export const ERANGE: Errno = -34;
export const ENOPROTOOPT: Errno = -92;
export const EOPNOTSUPP: Errno = -95;
export const EFSCORRUPTED: Errno = -117;
export const EDQUOT: Errno = -122;
export const EIOCBQUEUED: Errno = -529;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries({
    EPERM,
    ENOENT,
    EINTR,
    EIO,
    ENXIO,
    EAGAIN,
    ENOMEM,
    EACCES,
    EFAULT,
    ENOTBLK,
    EBUSY,
    EINVAL,
    EFBIG,
    ENOSPC,
    ERANGE,
    ENOPROTOOPT,
    EOPNOTSUPP,
    EFSCORRUPTED,
    EDQUOT,
    EIOCBQUEUED,
  }).map(([name, value]) => [value, name]),
);

/** The name of an errno (`"EIO"`), `"ok"` for 0, the number for one that has no name here. */
export function errnoName(errno: Errno): string {
  return errno === 0 ? 'ok' : (names.get(errno) ?? String(errno));
}

/** The errno of a name, or null if there is none of that name. */
export function errnoByName(name: string): Errno | null {
  for (const [value, candidate] of names) if (candidate === name) return value;
  return null;
}
