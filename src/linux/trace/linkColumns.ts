// Which relocation leads through which entry of a PLT, a GOT or of stubs.
import type { LinkTable } from '../kernel/module/types';
import type { LinkTrace } from './types';

export class LinkColumns {
  private readonly known = new Map<string, Map<number, number>>();
  private readonly tables: LinkTable[] = [];
  private readonly sections: string[] = [];
  private readonly offsets: number[] = [];
  private readonly targets: bigint[] = [];
  private readonly entry: number[] = [];
  private readonly relocation: number[] = [];

  /** @param relocation its number in the order of apply_relocations() */
  push(table: LinkTable, section: string, offset: number, target: bigint, relocation: number): void {
    let inSection = this.known.get(section);
    if (!inSection) this.known.set(section, (inSection = new Map<number, number>()));
    let index = inSection.get(offset);
    if (index === undefined) {
      index = this.tables.length;
      inSection.set(offset, index);
      this.tables.push(table);
      this.sections.push(section);
      this.offsets.push(offset);
      this.targets.push(target);
    }
    this.entry.push(index);
    this.relocation.push(relocation);
  }

  trace(): LinkTrace {
    const { tables, sections, offsets, targets } = this;
    const uses = { entry: Uint32Array.from(this.entry), relocation: Uint32Array.from(this.relocation) };
    return { tables, sections, offsets, targets, ...uses };
  }
}
