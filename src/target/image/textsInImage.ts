// Which of many texts stand in tens of megabytes, in one pass.
import { groupBy } from '../../formats/groupBy';
import { startsWithBytes, toBytes } from '../../formats/bytes/strings';
import type { KernelBytes } from './kernelBytes';

/** Those of `wanted` (byte strings of two bytes and more) that stand anywhere in the kernel. */
export function textsInImage<T extends string>(kernel: KernelBytes, wanted: readonly T[]): T[] {
  const { bytes } = kernel.r;
  // By the first two bytes: for nearly every place one look says that nothing begins there.
  const starts = groupBy(
    wanted.map(text => ({ text, of: toBytes(text) })),
    ({ of }) => ((of[0] ?? 0) << 8) | (of[1] ?? 0),
  );
  const begins = new Uint8Array(1 << 16);
  for (const pair of starts.keys()) begins[pair] = 1;
  const found = new Set<T>();
  let pair = bytes[0] ?? 0;
  for (let at = 1; at < bytes.length; at++) {
    pair = ((pair & 0xff) << 8) | (bytes[at] ?? 0);
    if (begins[pair] === 0) continue;
    for (const { text, of } of starts.get(pair) ?? []) if (startsWithBytes(bytes, at - 1, of)) found.add(text);
    if (found.size === wanted.length) break;
  }
  return wanted.filter(text => found.has(text));
}
