const FIRST_SLOTS = 1024;

/**
 * Hashes that were seen, about sixteen bytes each: two different ones that begin with the same
 * 64 bits would count as one, which among a million has a chance of 1 in 30 million.
 */
export class HashSet {
  #slots = new BigUint64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param hash hexadecimal, 16 digits at least, spread evenly. @returns whether it is new */
  add(hash: string): boolean {
    // Nothing is 0, which marks a free slot.
    const key = BigInt(`0x${hash.slice(0, 16)}`) || 1n;
    if (!place(this.#slots, key)) return false;
    this.#size += 1;
    if (this.#size * 4 > this.#slots.length * 3) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0n) place(larger, key);
    this.#slots = larger;
  }
}

function place(slots: BigUint64Array, key: bigint): boolean {
  // The number of slots is a power of two.
  const mask = slots.length - 1;
  for (let slot = Number(key & BigInt(mask)); ; slot = (slot + 1) & mask) {
    if (slots[slot] === key) return false;
    if (slots[slot] !== 0n) continue;
    slots[slot] = key;
    return true;
  }
}
