// Writes into the memory of struct module what load_module() has written before relocations are applied. Relocations that write
// into one of these members find it set: x86_64 refuses them.
import { structInBtf } from '../../../formats/btf/structShape';
import { TypeGraph } from '../../../formats/btf/typeGraph';
import { memberAt, type PlacedMember, type StructShape } from '../../../formats/structMembers';
import type { KernelFacts } from '../../../target/types';
import { writeFlags, WRITERS_BEFORE_RELOCATION, type StructSink } from './structWriters';
import type { Load } from './types';

/** Bytes of struct module, from its start; `to` is the first behind them. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Writes into the memory of struct module what the loader has set by then, where the BTF of the kernel tells the places.
 * Addresses become bytes of ones: only a running kernel knows them.
 *
 * @returns where something is set that is not known: nodes of the tree of addresses, which depend on all loaded modules
 */
export function fillStructModule(load: Load): readonly ByteRange[] {
  const { facts, features, info } = load;
  const shape = kernelStruct(facts, features.is64, 'module');
  const place = info.sechdrs[info.index.mod]?.place;
  if (!shape || !place) return [];
  const fields = new StructFields(load, shape, place.region.view, place.offset);
  for (const { write } of WRITERS_BEFORE_RELOCATION) write(load, fields);
  writeFlags(load, fields);
  return fields.ranges;
}

/** Structs by the BTF that was read: many modules are loaded onto one kernel. */
const known = new WeakMap<
  Uint8Array,
  { readonly graph: TypeGraph | null; readonly shapes: Map<string, StructShape | null> }
>();

/** A struct as the BTF of a kernel declares it; null where that is not at hand. */
export function kernelStruct({ btf }: Pick<KernelFacts, 'btf'>, is64: boolean, name: string): StructShape | null {
  if (!btf) return null;
  let found = known.get(btf.bytes);
  if (!found) known.set(btf.bytes, (found = { graph: TypeGraph.open(btf.bytes), shapes: new Map() }));
  const { graph, shapes } = found;
  let shape = shapes.get(name);
  if (shape === undefined) shapes.set(name, (shape = graph && structInBtf(graph, name, is64 ? 8 : 4)));
  return shape;
}

/** Members of struct module in the memory of one module. */
class StructFields implements StructSink {
  readonly ranges: ByteRange[] = [];

  constructor(
    private readonly load: Load,
    private readonly shape: StructShape,
    private readonly view: DataView,
    private readonly start: number,
  ) {}

  private find(path: string): PlacedMember | null {
    return memberAt(this.shape.members, path);
  }

  private bytesOf(path: string): Uint8Array | null {
    const found = this.find(path);
    const at = this.start + (found?.offset ?? 0);
    if (!found || at + found.size > this.view.byteLength) return null;
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, found.size);
  }

  unknown(path: string): void {
    const found = this.find(path);
    if (found) this.ranges.push({ from: found.offset, to: found.offset + found.size });
  }

  address(path: string): void {
    this.bytesOf(path)?.fill(0xff);
  }

  list(path: string): void {
    this.address(path);
  }

  within(path: string): void {
    this.address(path);
  }

  number(path: string, value: number): void {
    const bytes = this.bytesOf(path);
    for (let i = 0; bytes && i < bytes.length; i++)
      bytes[this.load.features.littleEndian ? i : bytes.length - 1 - i] =
        i < 6 ? Math.floor(value / 2 ** (8 * i)) & 0xff : 0;
  }

  count(path: string, bytes: number, pointer: string): void {
    this.number(path, Math.floor(bytes / (this.find(pointer)?.pointee || 1)));
  }
}
