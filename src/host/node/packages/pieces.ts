// Bytes of a stream in the pieces a reader asks for.

export class Pieces {
  private left: Uint8Array = new Uint8Array();

  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  /** The next `length` bytes; fewer where the stream ends. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      const part = await this.next(missing);
      if (!part) break;
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** Leaves out `length` bytes, as far as there are so many. */
  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0;) {
      const part = await this.next(missing);
      if (!part) return;
      missing -= part.length;
    }
  }

  private async next(most: number): Promise<Uint8Array | null> {
    while (this.left.length === 0) {
      const { done, value } = await this.source.next();
      if (done === true) return null;
      this.left = value;
    }
    const part = this.left.subarray(0, most);
    this.left = this.left.subarray(part.length);
    return part;
  }
}
