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
  kernel.paramOps ??= {
    ops: new Map([...byAddress('param_ops_', KNOWN_OPERATIONS.keys()), ...byAddress('param_array_', ['ops'])]),
    set: byAddress('param_set_', KNOWN_OPERATIONS.keys()),
    get: byAddress('param_get_', KNOWN_OPERATIONS.keys()),
  };
  return kernel.paramOps;
}

/** Offsets in struct kernel_param (include/linux/moduleparam.h), in bytes; 4.2 added the module pointer and flags. */
export function paramShape({ is64, paramModulePointer }: Features): {
  ops: number;
  perm: number;
  arg: number;
  size: number;
} {
  const word = is64 ? 8 : 4;
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
    const flags = features.paramModulePointer ? Number(field(shape.perm + 3, 1)) : 0;
    const arg = field(shape.arg);
    params.push({
      name: memory.readString(field(0)) ?? '',
      perm: Number(field(shape.perm, 2)),
      unsafe: (flags & 1) !== 0,
      hwparam: (flags & 2) !== 0,
      arg,
      valueUnknown: false,
      entry: at,
      ...kindOf(load, memory, field(shape.ops), arg),
    });
  }
  return params;
}

const CUSTOM: ParamKind = { kind: 'custom' };

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
    return { kind, getKind: kind, noArg: NO_ARG.includes(name), set: 0n };
  }
  // struct kernel_param_ops: flags, set, get, free.
  const word = load.features.is64 ? 8 : 4;
  const flags = memory.readUnsigned(ops, 4) ?? 0n;
  const address = (index: number): bigint => memory.readUnsigned(ops + BigInt(index * word), word) ?? 0n;
  const operation = (index: number, functions: ReadonlyMap<bigint, string>): ParamKind =>
    KNOWN_OPERATIONS.get(functions.get(address(index)) ?? '') ?? CUSTOM;
  return {
    kind: operation(1, known.set),
    getKind: operation(2, known.get),
    noArg: (flags & 1n) === 1n,
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
