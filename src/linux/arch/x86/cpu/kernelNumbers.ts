// lib/kstrtox.c and simple_strto*() of lib/vsprintf.c, called by code.
import { EINVAL } from '../../../errno';
import { kstrtobool, kstrtoInteger, parseInteger } from '../../../lib/kstrtox';
import { returned, returnedInt, type FunctionCall, type KernelFunction } from './functionCall';
import type { Size, Value } from './value';

/** Bases whose digits the kernel has; others nobody passes. */
const BASES: readonly bigint[] = [0n, 2n, 8n, 10n, 16n];

/** kstrto*(s, base, res): what cannot be read leaves the variable as it is. */
function kstrto(size: Size, signed: boolean): KernelFunction {
  return call => {
    const [text, base] = [call.string(0), call.unsigned(1, 4)];
    if (text === null || base === null || !BASES.includes(base)) return null;
    const parsed = kstrtoInteger(text, size * 8, signed, Number(base));
    if (parsed.value === null) return returnedInt(-parsed.errno);
    return call.store(2, size, parsed.value) ? returnedInt(0) : null;
  };
}

function toBool(letters: { readonly yes: string; readonly no: string }): KernelFunction {
  return call => {
    if (call.pointer(0) === 0n) return returnedInt(-EINVAL);
    const text = call.string(0);
    if (text === null) return null;
    const parsed = kstrtobool(text, letters);
    if (parsed === null) return returnedInt(-EINVAL);
    return call.store(1, 1, parsed ? 1n : 0n) ? returnedInt(0) : null;
  };
}

/** simple_strto*(cp, endp, base): as many digits as there are. */
function simple(signed: boolean): KernelFunction {
  return call => simpleNumber(call, signed);
}

function simpleNumber(call: FunctionCall, signed: boolean): Value | null {
  const [text, start, end, base] = [call.string(0), call.pointer(0), call.pointer(1), call.unsigned(2, 4)];
  if (text === null || start === null || end === null || base === null || !BASES.includes(base)) return null;
  const minus = signed && text.startsWith('-') ? 1 : 0;
  const digits = parseInteger(text.slice(minus), Number(base));
  if (end !== 0n && !call.store(1, 8, start + BigInt(minus + digits.end))) return null;
  return returned(minus === 1 ? -digits.value : digits.value, 8);
}

/** @param letters what this kernel takes for a bool beyond on and off */
export function kernelNumbers(letters: {
  readonly yes: string;
  readonly no: string;
}): readonly (readonly [string, KernelFunction])[] {
  return [
    ['kstrtou8', kstrto(1, false)],
    ['kstrtos8', kstrto(1, true)],
    ['kstrtou16', kstrto(2, false)],
    ['kstrtos16', kstrto(2, true)],
    ['kstrtouint', kstrto(4, false)],
    ['kstrtoint', kstrto(4, true)],
    ['_kstrtoul', kstrto(8, false)],
    ['_kstrtol', kstrto(8, true)],
    ['kstrtoull', kstrto(8, false)],
    ['kstrtoll', kstrto(8, true)],
    ['kstrtobool', toBool(letters)],
    ['simple_strtoul', simple(false)],
    ['simple_strtoull', simple(false)],
    ['simple_strtol', simple(true)],
    ['simple_strtoll', simple(true)],
  ];
}
