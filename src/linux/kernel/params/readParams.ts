// __param in module memory, after relocation: names, variables, and what their operations are.
import { note } from '../../../findings/notes';
import { MOST_ENTRIES } from '../../../formats/bytes/strings';
import type { Features } from '../../features';
import { findSec } from '../module/loadInfo';
import type { ModuleMemory } from '../module/memory';
import type { Load } from '../module/types';
import type { IntegerType, KernelParam, KnownParamOps, ParamKind } from './types';

const INTEGERS: readonly IntegerType[] = [
  'byte',
  'short',
  'ushort',
  'int',
  'uint',
  'long',
  'ulong',
  'ullong',
  'hexint',
];

/** What a kernel function or ops struct does, by the name it is exported under. */
export const KNOWN_OPERATIONS: ReadonlyMap<string, ParamKind> = new Map<string, ParamKind>([
  ...INTEGERS.map((type): [string, ParamKind] => [type, { kind: 'integer', type }]),
  ['bool', { kind: 'bool' }],
  ['invbool', { kind: 'invbool' }],
  ['bint', { kind: 'bint' }],
  ['bool_enable_only', { kind: 'bool_enable_only' }],
  ['charp', { kind: 'charp' }],
  ['string', { kind: 'string' }],
  ['copystring', { kind: 'string' }],
]);

const NO_ARG: readonly string[] = ['bool', 'bint', 'bool_enable_only'];

function knownOps(load: Load): KnownParamOps {
  const { kernel } = load.machine;
  const byAddress = (prefix: string, names: Iterable<string>): Map<bigint, string> => {
    const map = new Map<bigint, string>();
    for (const name of names) {
      const index = kernel.facts.exports.findName(prefix + name);
      if (index >= 0) map.set(kernel.addressOf(index), name);
    }
    return map;
  };
  // Up to 2.6.35 an array has functions instead of an ops struct.
  const withArray = (which: 'set' | 'get', map: Map<bigint, string>): Map<bigint, string> => {
    const [address] = byAddress(`param_array_${which}`, ['']).keys();
    return address === undefined ? map : map.set(address, 'array');
  };
  kernel.paramOps ??= {
    ops: new Map([...byAddress('param_ops_', KNOWN_OPERATIONS.keys()), ...byAddress('param_array_', ['ops'])]),
    set: withArray('set', byAddress('param_set_', KNOWN_OPERATIONS.keys())),
    get: withArray('get', byAddress('param_get_', KNOWN_OPERATIONS.keys())),
  };
  return kernel.paramOps;
}

/** Offsets in struct kernel_param (include/linux/moduleparam.h), in bytes; 4.2 added the module pointer and flags. */
export function paramShape({ is64, paramModulePointer, rows }: Features): {
  ops: number;
  perm: number;
  arg: number;
  size: number;
} {
  const word = is64 ? 8 : 4;
  // Up to 2.6.35 name, perm, set, get, arg; `ops` is where set and get lie.
  if (!rows.has('paramOps')) return { ops: 2 * word, perm: word, arg: 4 * word, size: 5 * word };
  const ops = paramModulePointer ? 2 * word : word;
  return { ops, perm: ops + word, arg: ops + 2 * word, size: ops + 3 * word };
}

/** Reads the entries of __param. */
export function readParams(load: Load, memory: ModuleMemory): KernelParam[] {
  const { info, features } = load;
  const section = info.sechdrs[findSec(info, '__param')];
  if (!section || section.index === 0) return [];
  const word = features.is64 ? 8 : 4;
  const shape = paramShape(features);
  const params: KernelParam[] = [];
  const all = Math.floor(section.sh_size / shape.size);
  const count = Math.min(MOST_ENTRIES, all);
  if (count < all) load.notChecked(note('entries-left', { section: '__param', count: MOST_ENTRIES }));
  for (let i = 0; i < count; i++) {
    const at = section.sh_addr + BigInt(i * shape.size);
    const field = (offset: number, width = word): bigint => memory.readUnsigned(at + BigInt(offset), width) ?? 0n;
    const flags = features.rows.has('paramUnsafe') ? Number(field(shape.perm + 3, 1)) : 0;
    const wide = hasWideBools(features, Number(field(shape.perm + 2, 2)));
    const arg = field(shape.arg);
    params.push({
      name: memory.readString(field(0)) ?? '',
      perm: permOf(features, field(shape.perm, 2), field(shape.perm + 2, 2)),
      unsafe: (flags & 1) !== 0,
      hwparam: (flags & 2) !== 0,
      arg,
      valueUnknown: false,
      entry: at,
      ...classic(features, wide, kindOfParam(load, memory, { at, shape, arg })),
    });
  }
  return params;
}

const CUSTOM: ParamKind = { kind: 'custom' };

const KPARAM_ISBOOL = 2;

/** Before 3.3 a bool parameter may be an int, and before 2.6.31 always is. */
function hasWideBools({ rows }: Features, flags: number): boolean {
  if (rows.has('boolParamsOnly')) return false;
  return !rows.has('paramFlags') || (flags & KPARAM_ISBOOL) === 0;
}

/** Before 2.6.31 an unsigned int. */
function permOf({ rows, littleEndian }: Features, first: bigint, second: bigint): number {
  return Number(rows.has('paramFlags') || littleEndian ? first : second);
}

type Kinds = Pick<KernelParam, 'kind' | 'getKind' | 'noArg' | 'set'>;

/** The kinds of a parameter as kernels of its time take them. */
function classic({ rows }: Features, wide: boolean, kinds: Kinds): Kinds {
  if (!wide && rows.has('sizedNumbers')) return kinds;
  const old = (kind: ParamKind): ParamKind => {
    if (kind.kind === 'array') return { ...kind, element: old(kind.element) };
    if (wide && (kind.kind === 'bool' || kind.kind === 'invbool')) return { ...kind, wide: true };
    return kind.kind === 'integer' && kind.type === 'byte' && !rows.has('sizedNumbers')
      ? { ...kind, asChar: true }
      : kind;
  };
  return { ...kinds, kind: old(kinds.kind), getKind: old(kinds.getKind) };
}

/** By struct kernel_param_ops; up to 2.6.35 by the set and get functions themselves. */
function kindOfParam(
  load: Load,
  memory: ModuleMemory,
  { at, shape, arg }: { at: bigint; shape: ReturnType<typeof paramShape>; arg: bigint },
): Kinds {
  const word = load.features.is64 ? 8 : 4;
  const pointer = (address: bigint): bigint => memory.readUnsigned(address, word) ?? 0n;
  const place = at + BigInt(shape.ops);
  if (load.features.rows.has('paramOps')) return kindOf(load, memory, pointer(place), arg);
  const set = pointer(place);
  return kindOfFunctions(load, memory, set, pointer(place + BigInt(word)), arg);
}

function kindOfFunctions(load: Load, memory: ModuleMemory, set: bigint, get: bigint, arg: bigint): Kinds {
  const known = knownOps(load);
  const operation = (functions: ReadonlyMap<bigint, string>, address: bigint): ParamKind => {
    const name = functions.get(address);
    // param_array_set() and param_array_get()
    if (name === 'array') return arrayKindOfFunctions(load, memory, arg);
    return KNOWN_OPERATIONS.get(name ?? '') ?? CUSTOM;
  };
  const kind = operation(known.set, set);
  return { kind, getKind: operation(known.get, get), noArg: kind.kind === 'bool' || kind.kind === 'invbool', set };
}

/** struct kparam_array up to 2.6.35: max, num, set, get, elemsize, elem. */
function arrayKindOfFunctions(load: Load, memory: ModuleMemory, arg: bigint): ParamKind {
  const word = load.features.is64 ? 8 : 4;
  const field = (index: number, width = word): bigint => memory.readUnsigned(arg + BigInt(index * word), width) ?? 0n;
  const element = KNOWN_OPERATIONS.get(knownOps(load).set.get(field(2)) ?? '') ?? CUSTOM;
  const array = { max: Number(field(0, 4)), num: field(1), elemsize: Number(field(4, 4)), elem: field(5) };
  return { kind: 'array', element, array };
}

/** Exported ops are known by address; ops of the module's own by the kernel functions they name. */
function kindOf(
  load: Load,
  memory: ModuleMemory,
  ops: bigint,
  arg: bigint,
): Pick<KernelParam, 'kind' | 'getKind' | 'noArg' | 'set'> {
  const known = knownOps(load);
  const name = known.ops.get(ops);
  if (name === 'ops') {
    const kind = arrayKind(load, memory, arg);
    return { kind, getKind: kind, noArg: false, set: 0n };
  }
  if (name !== undefined) {
    const kind = KNOWN_OPERATIONS.get(name) ?? CUSTOM;
    const always = name === 'invbool' && !load.features.rows.has('paramOpsFlags');
    return { kind, getKind: kind, noArg: always || NO_ARG.includes(name), set: 0n };
  }
  // struct kernel_param_ops: flags, set, get, free.
  const word = load.features.is64 ? 8 : 4;
  const hasFlags = load.features.rows.has('paramOpsFlags');
  const flags = hasFlags ? (memory.readUnsigned(ops, 4) ?? 0n) : 0n;
  const address = (index: number): bigint =>
    memory.readUnsigned(ops + BigInt((hasFlags ? index : index - 1) * word), word) ?? 0n;
  const operation = (index: number, functions: ReadonlyMap<bigint, string>): ParamKind =>
    KNOWN_OPERATIONS.get(functions.get(address(index)) ?? '') ?? CUSTOM;
  return {
    kind: operation(1, known.set),
    getKind: operation(2, known.get),
    // Before 3.12 every set operation is asked, value or not.
    noArg: !hasFlags || (flags & 1n) === 1n,
    set: address(1),
  };
}

/** struct kparam_array: max, elemsize, num, ops, elem. */
function arrayKind(load: Load, memory: ModuleMemory, arg: bigint): ParamKind {
  const word = load.features.is64 ? 8 : 4;
  const field = (offset: number, width: number): bigint => memory.readUnsigned(arg + BigInt(offset), width) ?? 0n;
  const element = kindOf(load, memory, field(8 + word, word), 0n).kind;
  return {
    kind: 'array',
    // An array of arrays has no meaning; its elements cannot be read.
    element: element.kind === 'array' ? { kind: 'custom' } : element,
    array: {
      max: Number(field(0, 4)),
      elemsize: Number(field(4, 4)),
      num: field(8, word),
      elem: field(8 + 2 * word, word),
    },
  };
}
