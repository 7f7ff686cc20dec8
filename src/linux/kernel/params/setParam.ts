// The set operations of kernel/params.c.
import { note } from '../../../findings/notes';
import { parameterLimit } from '../../../findings/parameterLimit';
import { EINVAL, ENOSPC, EROFS } from '../../errno';
import type { Errno, Load } from '../module/types';
import { kstrtobool } from '../../lib/kstrtox';
import { paramInteger } from './paramInteger';
import type { IntegerType, KernelParam, ParamArray, ParamKind, ParamMemory } from './types';

/** What a set operation needs of the load it belongs to. */
export type SetContext = Pick<Load, 'features' | 'report' | 'note'>;

/** Width in bytes and signedness of the C types; long follows the word size. */
export function integerShape(type: IntegerType, pointerSize: number): { size: number; signed: boolean } {
  const shapes: Record<IntegerType, { size: number; signed: boolean }> = {
    byte: { size: 1, signed: false },
    short: { size: 2, signed: true },
    ushort: { size: 2, signed: false },
    int: { size: 4, signed: true },
    uint: { size: 4, signed: false },
    long: { size: pointerSize, signed: true },
    ulong: { size: pointerSize, signed: false },
    ullong: { size: 8, signed: false },
    hexint: { size: 4, signed: false },
  };
  return shapes[type];
}

/**
 * What a value looks like afterwards: arrays cut it at its commas as they go, so messages show only the first part.
 */
export interface SetResult {
  readonly errno: Errno;
  readonly shown: string | null;
  /** The answer is that of a set operation of the module itself. */
  readonly ownCode?: boolean;
}

/** Runs the set operation of a parameter on its variable. */
export function setParam(load: Load, memory: ParamMemory, param: KernelParam, value: string | null): SetResult {
  if (param.kind.kind === 'array')
    return setArray(load, memory, param, param.kind.element, param.kind.array, value ?? '');
  return { errno: setScalar(load, memory, param.name, param.kind, param.arg, value), shown: value };
}

/** Runs a set operation that is about one value; those of arrays and of code of the module do nothing. */
export function setScalar(
  load: SetContext,
  memory: ParamMemory,
  name: string,
  kind: ParamKind,
  arg: bigint,
  value: string | null,
): Errno {
  switch (kind.kind) {
    case 'integer': {
      const { size, signed } = integerShape(kind.type, memory.pointerSize);
      const word = memory.pointerSize * 8;
      const parsed = paramInteger(load.features.rows, value ?? '', size * 8, signed, word);
      if (parsed.value === null) return parsed.errno;
      return store(load, memory, arg, size, parsed.value);
    }
    case 'bool':
    case 'invbool':
      return setBool(load, memory, kind.kind, arg, value ?? '1', kind.wide);
    case 'bint':
    case 'bool_enable_only':
      return setBool(load, memory, kind.kind, arg, value ?? '1');
    case 'charp':
      return setCharp(load, memory, name, arg, value ?? '');
    case 'string':
      return setString(load, memory, name, arg, value ?? '');
    case 'array':
    case 'custom':
      return 0;
  }
}

function store(load: SetContext, memory: ParamMemory, address: bigint, size: number, value: bigint): Errno {
  if (!memory.write(address, size, value)) load.note(note('parameter-outside'));
  return 0;
}

function setBool(
  load: SetContext,
  memory: ParamMemory,
  kind: 'bool' | 'invbool' | 'bint' | 'bool_enable_only',
  arg: bigint,
  value: string,
  wide = kind === 'bint',
): Errno {
  const parsed = kstrtobool(value, load.features.boolLetters);
  if (parsed === null) return EINVAL;
  if (kind === 'bool_enable_only' && !parsed && memory.read(arg, 1) === 1n) return EROFS;
  const stored = kind === 'invbool' ? !parsed : parsed;
  return store(load, memory, arg, wide ? 4 : 1, stored ? 1n : 0n);
}

const CHARP_MAX = 1024;

function setCharp(load: SetContext, memory: ParamMemory, name: string, arg: bigint, value: string): Errno {
  if (value.length > CHARP_MAX) {
    load.report(parameterLimit, { param: name, problem: 'charp', limit: CHARP_MAX });
    return ENOSPC;
  }
  return store(load, memory, arg, memory.pointerSize, memory.allocate(value));
}

/** struct kparam_string: maxlen, then the pointer to the buffer. */
export function stringBuffer(memory: ParamMemory, arg: bigint): { maxlen: number; string: bigint } {
  return {
    maxlen: Number(memory.read(arg, 4) ?? 0n),
    string: memory.read(arg + BigInt(memory.pointerSize), memory.pointerSize) ?? 0n,
  };
}

function setString(load: SetContext, memory: ParamMemory, name: string, arg: bigint, value: string): Errno {
  const { maxlen, string } = stringBuffer(memory, arg);
  if (value.length + 1 > maxlen) {
    load.report(parameterLimit, { param: name, problem: 'string', limit: (maxlen - 1) >>> 0 });
    return ENOSPC;
  }
  memory.writeString(string, value);
  return 0;
}

/** param_array(): elements before a bad one are kept and counted. */
function setArray(
  load: Load,
  memory: ParamMemory,
  param: KernelParam,
  element: ParamKind,
  array: ParamArray,
  value: string,
): SetResult {
  const parts = value.split(',');
  const count = (done: number): void => {
    if (array.num !== 0n) memory.write(array.num, 4, BigInt(done));
  };
  count(0);
  for (const [index, part] of parts.entries()) {
    // The comma behind a part is gone once the part was tried; the first part is what messages show then.
    const shown = index === 0 && array.max === 0 ? value : (parts[0] ?? '');
    if (index === array.max) {
      load.report(parameterLimit, { param: param.name, problem: 'array', limit: array.max });
      return { errno: EINVAL, shown };
    }
    const address = array.elem + BigInt(array.elemsize * index);
    const errno = setScalar(load, memory, param.name, element, address, part);
    if (errno !== 0) return { errno, shown };
    count(index + 1);
  }
  return { errno: 0, shown: parts[0] ?? '' };
}
