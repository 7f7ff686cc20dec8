// Module.symvers: what vmlinux and the modules of a build export, with CRCs (written by modpost).
import { FNV_OFFSET, FNV_PRIME } from '../formats/bytes/hash';
import { hexCrc } from '../formats/bytes/hex';
import { ExportTable } from './exportTable';

const TAB = 9;
const NEWLINE = 10;

/**
 * Reads Module.symvers in every form modpost has written: `CRC symbol owner`, with the type as a fourth column, and
 * with the namespace as the last column (since 5.6) or as the third (5.4 and 5.5). Trailing columns may be missing.
 * The table refers to the bytes of `text`, which must not change afterwards. A line without a CRC of one to eight hex
 * digits, a name and something after it is skipped and counted in `skippedLines`; an empty line is only skipped.
 *
 * One loop over the bytes, written out: in a fresh process it runs before anything is compiled, and each call in it
 * would cost more than the work it does.
 */
export function parseSymvers(text: Uint8Array): ExportTable {
  const { length } = text;
  // No row is shorter than "1 a b" and its newline; pages of a column that stay empty cost nothing.
  const rows = Math.ceil(length / 6);
  const nameStart = new Uint32Array(rows);
  const nameLength = new Uint32Array(rows);
  const hashes = new Int32Array(rows);
  const crcs = new Uint32Array(rows);
  let count = 0;
  let skipped = 0;
  let at = 0;
  while (at < length) {
    const line = at;
    if (text[at] === 0x30 && text[at + 1] === 0x78) at += 2;
    const digits = at;
    let crc = 0;
    for (; at < length; at++) {
      const digit = HEX_DIGITS[text[at] ?? 0] ?? -1;
      if (digit < 0) break;
      crc = (crc << 4) | digit;
    }
    const hasCrc = at > digits && at - digits <= 8 && text[at] === TAB;
    const name = at + 1;
    let hash = FNV_OFFSET;
    if (hasCrc) {
      for (at++; at < length; at++) {
        const byte = text[at] ?? 0;
        if (byte === TAB || byte === NEWLINE) break;
        hash = Math.imul(hash ^ byte, FNV_PRIME);
      }
    }
    const nameEnd = at;
    while (at < length && text[at] !== NEWLINE) at++;
    // Something must follow the tab after the name.
    if (hasCrc && nameEnd > name && at > nameEnd + 1) {
      nameStart[count] = name;
      nameLength[count] = nameEnd - name;
      hashes[count] = hash;
      crcs[count] = crc;
      count++;
    } else if (at > line) {
      skipped++;
    }
    at++;
  }
  return new ExportTable(text, { count, nameStart, nameLength, hashes, crcs }, skipped);
}

/** One line of Module.symvers. */
export interface SymversRow {
  readonly name: string;
  /** 0 where the export has none. */
  readonly crc: number;
  /** The module that exports it, by path without suffix; vmlinux where nothing is said. */
  readonly owner?: string;
  readonly type?: string;
  readonly namespace?: string;
}

/** A line as modpost writes it since 5.6, with its newline. */
export function symversRow(row: SymversRow): string {
  const { name, crc, owner = 'vmlinux', type = 'EXPORT_SYMBOL', namespace = '' } = row;
  return [hexCrc(crc), name, owner, type, namespace].join('\t') + '\n';
}

/** Value of a hex digit by its byte, -1 for any other byte. */
const HEX_DIGITS = new Int8Array(256).map((_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
);
