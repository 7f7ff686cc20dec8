// A set operation that is code of the module: evaluated, never run. What it does is taken over only when all of it is
// known: the instructions, the functions of the kernel it calls, and the memory it touches.
import { groupBy } from '../../../formats/groupBy';
import { note } from '../../../findings/notes';
import { toBytes } from '../../../formats/bytes/strings';
import { evaluate, type Surroundings } from './cpu/evaluate';
import { returned } from './cpu/functionCall';
import { KERNEL_COPIES } from './cpu/kernelCopies';
import { KernelLocks } from './cpu/kernelLocks';
import { kernelNumbers } from './cpu/kernelNumbers';
import { KERNEL_STRINGS } from './cpu/kernelStrings';
import { CpuMemory, type Area } from './cpu/memory';
import { numberOf } from './cpu/value';
import type { Load } from '../../kernel/module/types';
import { kernelSetters } from './kernelSetters';
import { moduleAreas, patchedPlaces } from './moduleAreas';
import type { SetContext } from '../../kernel/params/setParam';
import type { SetFunction } from '../../kernel/params/types';

/** Where the kernel's copy of the arguments plausibly lies: the direct map of x86_64, apart from other strings. */
const ARGUMENTS = 0xffff_8880_0800_0000n;
/** Offset of `mod` in struct kernel_param (include/linux/moduleparam.h). */
const MOD = 8n;
const MAX_ERRNO = 4095;

export const customSet: SetFunction<Load> = (load, memory, param, value) => {
  if (!load.features.paramModulePointer) return note('parameter-form');
  const cpuMemory = new CpuMemory([...moduleAreas(load), ...argument(value)]);
  const mod = cpuMemory.read(param.entry + MOD, 8);
  const locks = new KernelLocks((mod && numberOf(mod)) ?? 0n);
  const told: (() => void)[] = [];
  const surroundings: Surroundings = {
    symbolsAt: kernelSymbols(load),
    functions: new Map([
      ...KERNEL_STRINGS,
      ...KERNEL_COPIES,
      ...kernelNumbers(load.features.boolLetters),
      ...locks.functions,
      ...kernelSetters(tellLater(load, told), memory),
      // Whoever may load modules is taken for root.
      ['capable', () => returned(1n, 1)],
    ]),
    patched: patchedPlaces(load),
  };
  const first = value === null ? 0n : ARGUMENTS;
  const evaluation = evaluate(cpuMemory, surroundings, param.set, first, param.entry);
  if (evaluation.kind === 'unknown') return evaluation.reason;
  const { result, changes } = evaluation;
  if (!locks.settled()) return note('lock-state');
  // parse_args() makes a pointer of it, and only these are errors.
  if (result > 0 || result < -MAX_ERRNO) return note('no-error-number', { result });
  for (const tell of told) tell();
  for (const [address, byte] of changes) memory.write(address, 1, BigInt(byte));
  return -result;
};

function argument(value: string | null): Area[] {
  if (value === null) return [];
  const bytes = toBytes(value + '\0');
  return [{ base: ARGUMENTS, bytes, length: bytes.length, writable: false, executable: false, kept: false }];
}

/** Names by address of what the module was bound to in vmlinux. */
function kernelSymbols(load: Load): Surroundings['symbolsAt'] {
  const bound = load.symbols.filter(({ owner, status }) => owner === 'vmlinux' && status === 'ok');
  const names = groupBy(
    bound.map(({ name }) => name),
    name => load.machine.kernel.findExport(name)?.value,
  );
  return address => names.get(address) ?? [];
}

/** Keeps what set operations of the kernel say until it is certain that it is said. */
function tellLater(load: Load, told: (() => void)[]): SetContext {
  return {
    features: load.features,
    report: (definition, facts) => void told.push(() => load.report(definition, facts)),
    note: remark => void told.push(() => load.note(remark)),
  };
}
