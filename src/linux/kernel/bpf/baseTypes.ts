// The named types of a kernel that .BTF.base may stand for, by name.
import * as Kind from '../../../formats/btf/kinds';
import { TYPE_SIZE, type Btf } from './btf';

export interface BaseType {
  readonly id: number;
  readonly name: string;
  readonly kind: number;
  readonly size: number;
  readonly flagged: boolean;
  /** Of an integer: BTF_INT_ENCODING. */
  readonly encoding: number;
  /** Whether its counterpart must have the same size. */
  readonly needsSize: boolean;
}

const known = new WeakMap<Btf, ReadonlyMap<string, readonly BaseType[]>>();

/** All of a kernel's, in the order of their ids; made once for each. */
export function baseTypes(btf: Btf): ReadonlyMap<string, readonly BaseType[]> {
  const before = known.get(btf);
  if (before) return before;
  const types = collect(btf);
  known.set(btf, types);
  return types;
}

const SIZED: ReadonlySet<number> = new Set([Kind.INT, Kind.FLOAT, Kind.ENUM, Kind.ENUM64]);

function collect(btf: Btf): Map<string, BaseType[]> {
  const counts = new Map<number, number>();
  each(btf, (_, at, kind) => {
    if (Kind.isComposite(kind)) counts.set(btf.u32(at), (counts.get(btf.u32(at)) ?? 0) + 1);
  });
  const types = new Map<string, BaseType[]>();
  each(btf, (id, at, kind) => {
    if (kind !== Kind.FWD && !SIZED.has(kind) && !Kind.isComposite(kind)) return;
    const name = btf.name(btf.u32(at)) ?? '';
    const type: BaseType = {
      id,
      name,
      kind,
      size: btf.u32(at + 8),
      flagged: btf.kflagAt(at),
      encoding: kind === Kind.INT ? (btf.u32(at + TYPE_SIZE) >>> 24) & 0xf : 0,
      // Among several structs of the same name only the size can tell.
      needsSize: SIZED.has(kind) || (counts.get(btf.u32(at)) ?? 0) > 1,
    };
    const same = types.get(name);
    if (same) same.push(type);
    else types.set(name, [type]);
  });
  return types;
}

/** Every type that has a name. */
function each(btf: Btf, visit: (id: number, at: number, kind: number) => void): void {
  for (let id = 1; id < btf.count; id++) {
    const found = btf.find(id);
    if (found && btf.u32(found.at) !== 0) visit(id, found.at, btf.kindAt(found.at));
  }
}
