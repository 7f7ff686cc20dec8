// Ends of many strings in the same bytes, which may all be parts of one that is megabytes long.

/** In bytes. */
const BLOCK = 1024;

export class StringEnds {
  /** By block: index of the first NUL behind it, once that was looked for; 0 before. */
  private readonly behind: Float64Array;

  constructor(private readonly bytes: Uint8Array) {
    this.behind = new Float64Array(Math.ceil(bytes.length / BLOCK) + 1);
  }

  /** Index of the NUL that ends the string at `offset`, or the number of bytes when there is none. */
  of(offset: number): number {
    const { bytes, behind } = this;
    if (offset >= bytes.length) return bytes.length;
    const block = Math.floor(offset / BLOCK);
    const limit = Math.min(bytes.length, (block + 1) * BLOCK);
    for (let at = offset; at < limit; at++) if (bytes[at] === 0) return at;
    let next = behind[block] ?? 0;
    if (next === 0) {
      const nul = bytes.indexOf(0, limit);
      next = nul < 0 ? bytes.length : nul;
      // The same answer for every block on the way: each byte is looked at once.
      behind.fill(next, block, Math.floor(next / BLOCK));
      behind[block] = next;
    }
    return next;
  }
}
