// The types of a kernel by their outline: modules ask for the kinds of a few and for some names.
import type { BtfOutline } from '../../../target/types';
import type { Btf, BtfBase } from './btf';
import type { BtfFormat } from './format';

/** Answers what a module that fits asks, and leaves the rest to all of the types. */
export class OutlinedBtf implements BtfBase {
  readonly count: number;
  readonly endStrOff: number;
  private known: Uint8Array | null = null;

  /** @param whole the same types, all of them */
  constructor(
    private readonly outline: BtfOutline,
    private readonly format: BtfFormat,
    private readonly whole: () => Btf,
  ) {
    this.count = outline.kinds.length;
    this.endStrOff = outline.strLen;
  }

  /** As {@link Btf.identifiers}. */
  get identifiers(): Uint8Array {
    return (this.known ??= new Uint8Array(this.endStrOff));
  }

  find(id: number): ReturnType<BtfBase['find']> {
    return this.whole().find(id);
  }

  kindOf(id: number): number {
    const kind = this.outline.kinds[id];
    return kind === undefined ? -1 : kind & this.format.kindMask;
  }

  string(offset: number): ReturnType<BtfBase['string']> {
    return offset < this.endStrOff ? this.outline.string(offset) : null;
  }
}
