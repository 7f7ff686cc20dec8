// param_set_*() of kernel/params.c, called by a set operation of the module.
import { toBytes } from '../../../formats/bytes/strings';
import { returnedInt, type FunctionCall, type KernelFunction } from './cpu/functionCall';
import type { CpuMemory } from './cpu/memory';
import { known, type Size, type Value } from './cpu/value';
import { EINVAL } from '../../errno';
import { kstrtoInteger } from '../../lib/kstrtox';
import { KNOWN_OPERATIONS, paramShape } from '../../kernel/params/readParams';
import { setScalar, type SetContext } from '../../kernel/params/setParam';
import type { ParamKind, ParamMemory } from '../../kernel/params/types';

/** Without a value these are switched on; the others would read from NULL. */
const TAKE_NULL: readonly ParamKind['kind'][] = ['bool', 'invbool', 'bint', 'bool_enable_only'];

/** @param base where strings are allocated */
export function kernelSetters(load: SetContext, base: ParamMemory): readonly (readonly [string, KernelFunction])[] {
  const setters = [...KNOWN_OPERATIONS].map(([name, kind]): [string, KernelFunction] => [
    `param_set_${name}`,
    call => setKind(load, base, kind, call),
  ]);
  return [...setters, ['param_set_uint_minmax', call => setUintMinmax(load, call)]];
}

function setKind(load: SetContext, base: ParamMemory, kind: ParamKind, call: FunctionCall): Value | null {
  const target = targetOf(load, call);
  const value = valueOf(call);
  if (!target || value === undefined || (value === null && !TAKE_NULL.includes(kind.kind))) return null;
  const memory = new SetterMemory(call.memory, base);
  const errno = setScalar(load, memory, target.name, kind, target.arg, value);
  return memory.faulted ? null : returnedInt(-errno);
}

/** param_set_uint_minmax(val, kp, min, max) */
function setUintMinmax(load: SetContext, call: FunctionCall): Value | null {
  const target = targetOf(load, call);
  const value = valueOf(call);
  const [min, max] = [call.unsigned(2, 4), call.unsigned(3, 4)];
  if (!target || value === undefined || min === null || max === null) return null;
  if (value === null) return returnedInt(-EINVAL);
  const parsed = kstrtoInteger(value, 32, false);
  if (parsed.value === null) return returnedInt(-parsed.errno);
  if (parsed.value < min || parsed.value > max) return returnedInt(-EINVAL);
  return call.memory.write(target.arg, 4, known(parsed.value, 4)) ? returnedInt(0) : null;
}

/** The string of the first argument, null for NULL, undefined where it is not known. */
function valueOf(call: FunctionCall): string | null | undefined {
  return call.pointer(0) === 0n ? null : (call.string(0) ?? undefined);
}

/** The struct kernel_param of the second argument, which need not be that of __param. */
function targetOf(load: SetContext, call: FunctionCall): { name: string; arg: bigint } | null {
  const kp = call.pointer(1);
  if (kp === null) return null;
  const name = call.memory.read(kp, 8);
  const arg = call.memory.read(kp + BigInt(paramShape(load.features).arg), 8);
  if (name?.unknown !== 0n || arg?.unknown !== 0n) return null;
  const text = call.stringAt(name.bits);
  return text === null ? null : { name: text, arg: arg.bits };
}

/** The memory of an evaluation as set operations see it. An access that would fault is remembered. */
class SetterMemory implements ParamMemory {
  readonly pointerSize = 8;
  faulted = false;

  constructor(
    private readonly memory: CpuMemory,
    private readonly base: ParamMemory,
  ) {}

  read(address: bigint, size: number): bigint | null {
    const value = this.memory.read(address, size as Size);
    if (value?.unknown === 0n) return value.bits;
    this.faulted = true;
    return null;
  }

  write(address: bigint, size: number, value: bigint): boolean {
    const written = this.memory.write(address, size as Size, known(BigInt.asUintN(64, value), size as Size));
    if (!written) this.faulted = true;
    return written;
  }

  readString(): null {
    this.faulted = true;
    return null;
  }

  writeString(address: bigint, text: string): boolean {
    return [...toBytes(text + '\0')].every((byte, i) => this.write(address + BigInt(i), 1, BigInt(byte)));
  }

  /** Another parameter may free the string, and then nobody must write to it: here nobody does. */
  allocate(text: string): bigint {
    const base = this.base.allocate(text);
    const bytes = toBytes(text + '\0');
    this.memory.add({ base, bytes, length: bytes.length, writable: false, executable: false, kept: false });
    return base;
  }
}
