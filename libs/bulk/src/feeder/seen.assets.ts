/** 4 MiB: of a million assets 1 in 7 000 unseen ones is taken for seen, of ten millions 1 in 4. */
const BITS = 2 ** 25;
const PROBES = 4;

/**
 * Which assets a job has named so far, in memory of fixed size (a Bloom filter): `has` is never wrong when it says no,
 * and when it says yes, which is rare unless it is so, the store is asked.
 */
export class SeenAssets {
  private readonly words = new Uint32Array(BITS / 32);

  /** Whether the asset may have been added before; adds it. */
  add(assetId: string): boolean {
    // Ids are digests (UUID v5): their own digits, apart from version and variant, are as good as any hash.
    const digits = assetId.replaceAll('-', '');
    const first = Number.parseInt(digits.slice(0, 8), 16);
    const step = Number.parseInt(digits.slice(24, 32), 16);
    let known = true;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = (first + probe * step) % BITS;
      const mask = 1 << (bit & 31);
      if ((this.words[bit >>> 5]! & mask) === 0) known = false;
      this.words[bit >>> 5]! |= mask;
    }
    return known;
  }
}
