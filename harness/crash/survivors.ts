/**
 * Volatile writes by what they carry, for traces: data of a file range, or the nth write of the log or of metadata that can
 * be lost, with the sectors that survive. A name that fits no write of a changed program means nothing, and is missed.
 */
import type { DeviceHistory, Survivors, VolatileWrite } from '../../model/contract/index.js';
import type { Survivor } from '../../traces/format/index.js';

/** What survives at a cut, write by write; writes of which nothing does are left out. */
export function namesOf(history: DeviceHistory, cut: number, sectorSize: number, survive: Survivors): Survivor[] {
  const names: Survivor[] = [];
  const writes = history.volatileAt(cut);
  for (const write of writes) {
    const count = write.length / sectorSize;
    const sectors: number[] = [];
    for (let sector = 0; sector < count; sector++) if (survive.survives(write, sector)) sectors.push(sector);
    if (sectors.length === 0) continue;
    const { cargo, file, offset } = write;
    const length = cargo === 'data' ? write.length : 0;
    const nth = writes.slice(0, writes.indexOf(write) + 1).filter(other => alike(other, write)).length;
    names.push({ cargo, file, offset, length, nth, sectors: sectors.length === count ? null : sectors });
  }
  return names;
}

/** The named writes survive. `missed`: some name fits no write, or names a sector that its write does not have. */
export function survivorsOf(
  history: DeviceHistory,
  cut: number,
  names: readonly Survivor[],
  sectorSize: number,
): Survivors & { readonly missed: boolean } {
  const met = new Set<Survivor>();
  const kept = new Map<number, readonly number[] | null>();
  const seen: VolatileWrite[] = [];
  for (const write of history.volatileAt(cut)) {
    seen.push(write);
    const nth = seen.filter(other => alike(other, write)).length;
    const name = names.find(other => other.nth === nth && alike(other, write));
    if (name === undefined) continue;
    kept.set(write.event, name.sectors);
    if (name.sectors === null || name.sectors.every(sector => sector * sectorSize < write.length)) met.add(name);
  }
  return {
    missed: names.some(name => !met.has(name)),
    survives(write, sector) {
      const sectors = kept.get(write.event);
      return sectors !== undefined && (sectors === null || sectors.includes(sector));
    },
  };
}

type Carrying = Pick<VolatileWrite, 'cargo' | 'file' | 'offset' | 'length'>;

function alike(one: Carrying, other: Carrying): boolean {
  if (one.cargo !== other.cargo) return false;
  return (
    one.cargo !== 'data' || (one.file === other.file && one.offset === other.offset && one.length === other.length)
  );
}
