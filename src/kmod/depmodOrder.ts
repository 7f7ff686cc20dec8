// The order of depmod's lines: that of modules.order, and where it says nothing that of the hash table kmod keeps them in.
import { moduleNameOfPath } from '../formats/ko/moduleName';
import type { DepmodModule } from './depmodModule';

/**
 * Modules in the order of depmod's output (tools/depmod.c, depmod_modules_sort()): first those modules.order lists, each
 * where it is listed first, then the others as they come out of the hash table.
 *
 * @param order text of modules.order; null when there is none
 */
export function sortModules<T extends Pick<DepmodModule, 'path'>>(modules: readonly T[], order: string | null): T[] {
  const byName = new Map(modules.map(module => [moduleNameOfPath(module.path), module]));
  const sorted = hashOrder([...byName.keys()], MODULE_BUCKETS).flatMap(name => byName.get(name) ?? []);
  // A last line without its end makes kmod give the file up.
  if (order === null || (order !== '' && !order.endsWith('\n'))) return sorted;
  const byPath = new Map(modules.map(module => [plainPath(module.path), module]));
  const listed = new Set(order.split('\n').flatMap(line => byPath.get(line) ?? []));
  return [...listed, ...sorted.filter(module => !listed.has(module))];
}

/** Sizes of the hash tables (tools/depmod.c, depmod_init()). */
const MODULE_BUCKETS = 512;
export const SYMBOL_BUCKETS = 2048;

/** The path as modules.order has it: without what compression adds. */
function plainPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1 + moduleNameOfPath(path).length) + '.ko';
}

/**
 * Keys, each once, in the order in which kmod's hash table is gone through (shared/hash.c): by bucket, and within one as
 * strcmp(3) orders them.
 */
export function hashOrder(keys: readonly string[], buckets: number): string[] {
  const table: string[][] = Array.from({ length: buckets }, () => []);
  for (const key of keys) table[superfastHash(key) & (buckets - 1)]?.push(key);
  return table.flatMap(bucket => bucket.sort(compareBytes));
}

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Paul Hsieh's SuperFastHash of a byte string, with chars that are signed as they are on x86. */
export function superfastHash(key: string): number {
  const u16 = (at: number): number => key.charCodeAt(at) | (key.charCodeAt(at + 1) << 8);
  const signed = (at: number): number => (key.charCodeAt(at) << 24) >> 24;
  const { length } = key;
  const rest = length & 3;
  let hash = length;
  let at = 0;
  for (; at < length - rest; at += 4) {
    hash = (hash + u16(at)) | 0;
    hash = (hash << 16) ^ (u16(at + 2) << 11) ^ hash;
    hash = (hash + (hash >>> 11)) | 0;
  }
  if (rest === 3) {
    hash = (hash + u16(at)) | 0;
    hash ^= hash << 16;
    hash ^= signed(at + 2) << 18;
    hash = (hash + (hash >>> 11)) | 0;
  } else if (rest === 2) {
    hash = (hash + u16(at)) | 0;
    hash ^= hash << 11;
    hash = (hash + (hash >>> 17)) | 0;
  } else if (rest === 1) {
    hash = (hash + signed(at)) | 0;
    hash ^= hash << 10;
    hash = (hash + (hash >>> 1)) | 0;
  }
  hash ^= hash << 3;
  hash = (hash + (hash >>> 5)) | 0;
  hash ^= hash << 4;
  hash = (hash + (hash >>> 17)) | 0;
  hash ^= hash << 25;
  return (hash + (hash >>> 6)) | 0;
}
