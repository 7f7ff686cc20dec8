// What becomes of struct module, stage by stage.
import { STRUCT_WRITERS, writeFlags, type StructSink } from '../kernel/module/structWriters';
import type { Load, ModuleState } from '../kernel/module/types';
import type { StructModuleTrace, StructValue, StructWriteTrace } from './types';

/** More than any kernel's struct module has. */
const MOST_BYTES = 1 << 16;

export class StructWrites implements StructSink {
  private readonly writes: StructWriteTrace[] = [];
  /** The newest value of each member, to compare with. */
  private readonly now = new Map<string, string>();
  private relocated: StructModuleTrace['relocated'] = null;
  private stage = 0;
  private by = '';

  /** @param state what the list of modules says now; null while the module is not in it */
  stageEnds(load: Load, name: string, stage: number, state: ModuleState | null): void {
    const { sechdrs, index } = load.info;
    if (index.mod <= 0) return;
    this.stage = stage;
    this.by = name;
    // Before there is memory for it, in the copy of the file.
    writeFlags(load, this);
    const place = sechdrs[index.mod]?.place;
    if (!place) return;
    for (const { stages, by, write } of STRUCT_WRITERS) {
      if (!stages.includes(name)) continue;
      this.by = by;
      write(load, this);
    }
    this.by = name;
    if (state) this.put('state', { kind: 'state', state });
    if (name !== 'apply_relocations' || !load.relocated) return;
    const size = Math.min(sechdrs[index.mod]?.sh_size ?? 0, MOST_BYTES);
    this.relocated = { stage, bytes: place.region.image.slice(place.offset, place.offset + size) };
  }

  trace(): StructModuleTrace {
    return { writes: this.writes, relocated: this.relocated };
  }

  address(path: string, address: bigint | null): void {
    this.put(path, { kind: 'address', address });
  }

  unknown(path: string): void {
    this.address(path, null);
  }

  number(path: string, number: number): void {
    this.put(path, { kind: 'number', number });
  }

  count(path: string, bytes: number, pointer: string): void {
    this.put(path, { kind: 'count', bytes, pointer });
  }

  within(path: string, member: string): void {
    this.put(path, { kind: 'within', member });
  }

  list(path: string, modules: readonly string[]): void {
    this.put(path, { kind: 'list', modules: [...modules] });
  }

  private put(path: string, value: StructValue): void {
    const key = Object.values(value).join(' ');
    if (this.now.get(path) === key) return;
    this.now.set(path, key);
    this.writes.push({ stage: this.stage, by: this.by, path, value });
  }
}
