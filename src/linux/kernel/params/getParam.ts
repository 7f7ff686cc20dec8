// The get operations of kernel/params.c: a value as sysfs prints it, without the newline.
import { integerShape, stringBuffer } from './setParam';
import type { IntegerType, ParamArray, ParamKind, ParamMemory } from './types';

/** The value of the variable at `arg`, or null where only code of the module could tell. */
export function getParam(memory: ParamMemory, kind: ParamKind, arg: bigint): string | null {
  switch (kind.kind) {
    case 'integer':
      return kind.asChar ? getChar(memory, arg) : getInteger(memory, kind.type, arg);
    case 'bool':
      return getBool(memory, arg, false, kind.wide);
    case 'bool_enable_only':
      return getBool(memory, arg, false);
    case 'invbool':
      return getBool(memory, arg, true, kind.wide);
    case 'bint':
      return getInteger(memory, 'int', arg);
    case 'charp': {
      const pointer = memory.read(arg, memory.pointerSize);
      return pointer === null ? null : pointer === 0n ? '(null)' : memory.readString(pointer);
    }
    case 'string':
      return memory.readString(stringBuffer(memory, arg).string);
    case 'array':
      return getArray(memory, kind.element, kind.array);
    case 'custom':
      return null;
  }
}

function getInteger(memory: ParamMemory, type: IntegerType, arg: bigint): string | null {
  const { size, signed } = integerShape(type, memory.pointerSize);
  const stored = memory.read(arg, size);
  if (stored === null) return null;
  // %#08x: the prefix counts as part of the width; the kernel's printf prints it for zero as well.
  if (type === 'hexint') return '0x' + stored.toString(16).padStart(6, '0');
  return String(signed ? BigInt.asIntN(size * 8, stored) : stored);
}

/** %c */
function getChar(memory: ParamMemory, arg: bigint): string | null {
  const stored = memory.read(arg, 1);
  return stored === null ? null : String.fromCharCode(Number(stored));
}

function getBool(memory: ParamMemory, arg: bigint, inverted: boolean, wide = false): string | null {
  const stored = memory.read(arg, wide ? 4 : 1);
  return stored === null ? null : (stored !== 0n) !== inverted ? 'Y' : 'N';
}

/** As many elements as the counter says, or all of them when there is none. */
function getArray(memory: ParamMemory, element: ParamKind, array: ParamArray): string | null {
  return elementsOf(memory, element, array, array.num === 0n ? array.max : Number(memory.read(array.num, 4) ?? 0n));
}

/** All elements of an array, whatever its counter says: what stands in the source. null for what is no array. */
export function allElements(memory: ParamMemory, kind: ParamKind): string | null {
  return kind.kind === 'array' ? elementsOf(memory, kind.element, kind.array, MOST_ELEMENTS) : null;
}

/** Nobody reads more. */
const MOST_ELEMENTS = 64;

function elementsOf(memory: ParamMemory, element: ParamKind, array: ParamArray, count: number): string | null {
  const values: string[] = [];
  for (let i = 0; i < Math.min(count, array.max); i++) {
    const value = getParam(memory, element, array.elem + BigInt(array.elemsize * i));
    if (value === null) return null;
    values.push(value);
  }
  return values.join(',');
}
