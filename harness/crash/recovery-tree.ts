/**
 * What recovery comes to, as a tree of decisions: which sector it looks at next depends only on what those before hold
 * (`Looked` of the contract). So the states of a crash need not be gone through one by one: those that differ only in
 * sectors that recovery never looks at, such as what stands behind a torn record of the log, are one leaf. A leaf holds for
 * every image with these sectors, at whatever cut of whatever history.
 */
import type { Bytes } from '../../model/contract/index.js';

/** An image by its sectors, some of which are a matter of choice. */
export interface OpenSectors {
  /** Equal for equal contents of the sector at this address, as chosen. */
  contents(address: Bytes): string;
  /** The sector's place among those with a choice, or −1. */
  placeOf(address: Bytes): number;
}

/** What recovering the image at hand gave, and the sectors that it looked at, in order. */
export interface Explored<Leaf> {
  readonly leaf: Leaf;
  readonly looked: Iterable<Bytes>;
}

class Decision<Leaf> {
  readonly address: Bytes;
  readonly next = new Map<string, Decision<Leaf> | End<Leaf>>();

  constructor(address: Bytes) {
    this.address = address;
  }
}

class End<Leaf> {
  readonly leaf: Leaf;

  constructor(leaf: Leaf) {
    this.leaf = leaf;
  }
}

/** No sector: where every tree begins. */
const BEGIN = -1;
/** More leaves than this are not kept: the tree begins anew. */
const MOST_LEAVES = 50_000;

export class RecoveryTree<Leaf> {
  private readonly root = new Decision<Leaf>(BEGIN);
  private leaves = 0;

  /**
   * What recovering the image comes to; one that is not known is explored. `met` takes the places that decided it, in the
   * order in which recovery looks at them.
   */
  find(image: OpenSectors, explore: () => Explored<Leaf>, met: number[] = []): Leaf {
    let node: Decision<Leaf> | End<Leaf> = this.root;
    met.length = 0;
    while (node instanceof Decision) {
      const next: Decision<Leaf> | End<Leaf> | undefined = node.next.get(keyOf(node.address, image));
      if (next === undefined) {
        this.grow(image, explore());
        return this.find(image, explore, met);
      }
      node = next;
      if (node instanceof End) break;
      const place = image.placeOf(node.address);
      if (place >= 0) met.push(place);
    }
    return node.leaf;
  }

  private grow(image: OpenSectors, { leaf, looked }: Explored<Leaf>): void {
    if (this.leaves++ === MOST_LEAVES) {
      this.root.next.clear();
      this.leaves = 1;
    }
    let above = this.root;
    for (const address of new Set(looked)) {
      const key = keyOf(above.address, image);
      const known = above.next.get(key);
      if (known === undefined) {
        const decision = new Decision<Leaf>(address);
        above.next.set(key, decision);
        above = decision;
      } else if (known instanceof Decision && known.address === address) above = known;
      else throw new Error(`recovery looked at ${address} after the same sectors as it looked elsewhere`);
    }
    above.next.set(keyOf(above.address, image), new End(leaf));
  }
}

function keyOf(address: Bytes, image: OpenSectors): string {
  return address === BEGIN ? '' : image.contents(address);
}
