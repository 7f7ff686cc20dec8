// What a module exports, by the symbols EXPORT_SYMBOL leaves in its symbol table.
import { ByteReader } from '../bytes/byteReader';
import { byteString, nameEnd, nameString, startsWithBytes, toBytes } from '../bytes/strings';
import { SHN_ABS, SHN_UNDEF, SHT_SYMTAB } from '../elf/constants';
import { structSizes } from '../elf/header';
import { contents, type SectionTable } from '../elf/sectionByName';

export interface ModuleExport {
  readonly name: string;
  /** As Module.symvers spells it. */
  readonly type: ExportType;
  readonly gplOnly: boolean;
  readonly namespace: string | null;
  /** null when the module carries no checksums. */
  readonly crc: number | null;
}

/** The macro that made an export. */
export type ExportType =
  | 'EXPORT_SYMBOL'
  | 'EXPORT_SYMBOL_GPL'
  | 'EXPORT_SYMBOL_GPL_FUTURE'
  | 'EXPORT_UNUSED_SYMBOL'
  | 'EXPORT_UNUSED_SYMBOL_GPL';

/** Only to modules with a GPL-compatible license. Of GPL_FUTURE that was only announced. */
export const isGplOnly = (type: ExportType): boolean => type.endsWith('_GPL');

/** Exports in the order of the symbol table. Kernels from 7.0 on keep the GPL mark in __kflagstab. */
export function readExports(file: Uint8Array, table: SectionTable): ModuleExport[] {
  const parts = readParts(file, table);
  const tables = typesByTable(table);
  return [...parts.__ksymtab_].map(([name, symbol]) => {
    const isFlagged = (byteAt(file, table, parts.__flags_.get(name)) & 1) === 1;
    const type = isFlagged ? 'EXPORT_SYMBOL_GPL' : (tables.get(symbol.section) ?? 'EXPORT_SYMBOL');
    return {
      name,
      type,
      gplOnly: isGplOnly(type),
      namespace: stringAt(file, table, parts.__kstrtabns_.get(name)),
      crc: crcAt(file, table, parts.__crc_.get(name)),
    };
  });
}

interface Part {
  readonly section: number;
  readonly value: number;
}

const PREFIXES = ['__ksymtab_', '__crc_', '__kstrtabns_', '__flags_'] as const;
type Prefix = (typeof PREFIXES)[number];

/** The symbols of EXPORT_SYMBOL by prefix, then by the name exported. One pass; other symbols make no string. */
function readParts(file: Uint8Array, table: SectionTable): Record<Prefix, Map<string, Part>> {
  const none = (): Map<string, Part> => new Map();
  const parts = { __ksymtab_: none(), __crc_: none(), __kstrtabns_: none(), __flags_: none() };
  const symtab = table.shdrs.find(shdr => shdr.sh_type === SHT_SYMTAB);
  if (!symtab) return parts;
  const { is64, littleEndian } = table.format;
  const r = new ByteReader(contents(file, symtab), littleEndian);
  const names = contents(file, table.shdrs[symtab.sh_link]);
  const prefixes = PREFIXES.map(prefix => ({ prefix, bytes: toBytes(prefix) }));
  const size = structSizes(is64).sym;
  for (let at = 0; at + size <= r.length; at += size) {
    const start = r.u32(at);
    if (names[start] !== 0x5f || names[start + 1] !== 0x5f) continue;
    const section = r.u16(at + (is64 ? 6 : 14));
    if (section === SHN_UNDEF) continue;
    const found = prefixes.find(({ bytes }) => startsWithBytes(names, start, bytes));
    if (!found) continue;
    const name = byteString(names, start + found.bytes.length, nameEnd(names, start));
    parts[found.prefix].set(name, { section, value: is64 ? r.size64(at + 8) : r.u32(at + 4) });
  }
  return parts;
}

/** Before CRCs were data of the exporter (5.19), they were values of absolute symbols. */
function crcAt(file: Uint8Array, table: SectionTable, part: Part | undefined): number | null {
  if (!part) return null;
  const bytes = contents(file, table.shdrs[part.section]);
  const crc = part.section === SHN_ABS ? part.value : new ByteReader(bytes, table.format.littleEndian).u32(part.value);
  return crc >>> 0;
}

function stringAt(file: Uint8Array, table: SectionTable, part: Part | undefined): string | null {
  return part ? nameString(contents(file, table.shdrs[part.section]), part.value) || null : null;
}

function byteAt(file: Uint8Array, table: SectionTable, part: Part | undefined): number {
  return part ? (contents(file, table.shdrs[part.section])[part.value] ?? 0) : 0;
}

const TABLES: readonly (readonly [section: string, type: ExportType])[] = [
  ['__ksymtab', 'EXPORT_SYMBOL'],
  ['__ksymtab_gpl', 'EXPORT_SYMBOL_GPL'],
  ['__ksymtab_gpl_future', 'EXPORT_SYMBOL_GPL_FUTURE'],
  ['__ksymtab_unused', 'EXPORT_UNUSED_SYMBOL'],
  ['__ksymtab_unused_gpl', 'EXPORT_UNUSED_SYMBOL_GPL'],
];

/** By index of the table's section. */
function typesByTable(table: SectionTable): ReadonlyMap<number, ExportType> {
  const found = new Map<number, ExportType>();
  for (const [section, type] of TABLES) {
    const index = table.find(section)?.index;
    if (index !== undefined) found.set(index, type);
  }
  return found;
}
