// What a kernel image exports, as the lines of Module.symvers.
import { byteString, nameString, toBytes } from '../../formats/bytes/strings';
import { parseSymvers, symversRow } from '../symvers';
import { identifierLength } from './exportEntries';
import { findExportTables, type ExportTables } from './exportTables';
import type { KernelBytes } from './kernelBytes';

export interface ImageExports {
  /** Module.symvers of vmlinux alone: see src/target/symvers.ts. */
  readonly symvers: Uint8Array;
  /** {@link ExportTable.vmlinuxDigest} of it. */
  readonly digest: string;
  readonly count: number;
  readonly hasCrcs: boolean;
  readonly hasFlags: boolean;
  readonly how: string;
}

/** Reads every export with CRC, namespace and license; null where no table was found. Never throws. */
export function readExports(kernel: KernelBytes): ImageExports | null {
  const tables = findExportTables(kernel);
  if (!tables) return null;
  const { r } = kernel;
  const { form, start, count, gplFrom, flags, how } = tables;
  const crcAt = crcReader(kernel, tables);
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const entry = start + i * form.stride;
    const nameAt = form.nameAt(entry);
    const length = identifierLength(r.bytes, nameAt);
    if (length === 0) continue;
    const namespaceAt = form.namespaceAt(entry);
    const gpl = flags === null ? i >= gplFrom : (r.u8(flags + i) & 1) === 1;
    const name = byteString(r.bytes, nameAt, nameAt + length);
    const type = gpl ? 'EXPORT_SYMBOL_GPL' : 'EXPORT_SYMBOL';
    lines.push(symversRow({ name, crc: crcAt(i), type, namespace: namespaceOf(r.bytes, namespaceAt) }));
  }
  const symvers = toBytes(lines.join(''));
  const digest = parseSymvers(symvers).vmlinuxDigest();
  return { symvers, digest, count: lines.length, hasCrcs: tables.crcs !== null, hasFlags: flags !== null, how };
}

/** A namespace is any text; lines and columns end where it has theirs. */
function namespaceOf(bytes: Uint8Array, at: number): string {
  if (at <= 0) return '';
  const text = nameString(bytes, at);
  return /[\t\n]/.test(text) ? '' : text;
}

/** CRCs looked at before they are taken for distances: none of so many can be one by chance. */
const SAMPLE = 64;

/** CRCs stand in their table, or (CONFIG_MODULE_REL_CRCS, up to 5.18) it holds distances to them. */
function crcReader({ r }: KernelBytes, { crcs, count }: ExportTables): (index: number) => number {
  if (crcs === null) return () => 0;
  const target = (i: number): number => crcs + 4 * i + r.i32(crcs + 4 * i);
  const sample = Math.min(SAMPLE, count);
  let isRelative = sample > 0;
  for (let i = 0; i < sample && isRelative; i++) isRelative = target(i) % 4 === 0 && r.contains(target(i), 4);
  return isRelative ? i => r.u32(target(i)) : i => r.u32(crcs + 4 * i);
}
