// What a module exports, read from its file: __ksymtab* by its relocations, __kcrctab* by position.
import { ByteReader } from '../bytes/byteReader';
import { STT_SECTION } from '../elf/constants';
import { contents } from '../elf/sectionByName';
import type { ObjectFile } from './objectFile';

export interface ModuleExport {
  readonly name: string;
  readonly gplOnly: boolean;
  /** null when the module carries no checksums, or only ones the loader computes. */
  readonly crc: number | null;
}

/** Exports in the order of their tables. Kernels from 7.0 on keep the GPL mark in __kflagstab. */
export function readExports(object: ObjectFile): ModuleExport[] {
  return ['', '_gpl', '_gpl_future', '_unused', '_unused_gpl'].flatMap(table => readTable(object, table));
}

function readTable(object: ObjectFile, table: string): ModuleExport[] {
  const index = object.sectionNames.indexOf(`__ksymtab${table}`);
  const relocations = index < 0 ? undefined : object.relocations.get(index);
  if (!relocations) return [];
  // An entry refers to its value by the symbol's own name, and to its name and namespace through a section.
  const values: { readonly name: string; readonly offset: number }[] = [];
  for (let i = 0; i < relocations.count; i++) {
    const symbol = relocations.symbol(i);
    const name = object.symbols.name(symbol);
    if (object.symbols.type(symbol) !== STT_SECTION && name !== '' && !name.startsWith('__kstrtab'))
      values.push({ name, offset: relocations.offset(i) });
  }
  const section = (name: string): Uint8Array | null => {
    const at = object.sectionNames.indexOf(name);
    return at < 0 ? null : contents(object.file, object.sections.shdrs[at]);
  };
  const crcs = section(`__kcrctab${table}`);
  const flags = section('__kflagstab');
  const r = new ByteReader(crcs ?? new Uint8Array(0), object.sections.format.littleEndian);
  // Since 4.9 a checksum is four bytes; before, it was an absolute symbol of a whole word.
  const width = crcs && values.length > 0 ? crcs.length / values.length : 0;
  const size = (object.sections.shdrs[index]?.sh_size ?? 0) / (values.length || 1);
  // Up to 5.18 the linker fills it in, from an absolute symbol __crc_NAME.
  const crcTable = object.relocations.get(object.sectionNames.indexOf(`__kcrctab${table}`));
  const symbolCrc = (at: number): number | null => {
    const found = crcTable?.find(at) ?? -1;
    return crcTable && found >= 0 ? object.symbols.value(crcTable.symbol(found)) : null;
  };
  return values.map(({ name, offset }) => {
    const entry = Math.floor(offset / (size || 1));
    return {
      name,
      gplOnly: table.includes('gpl') || ((flags?.[entry] ?? 0) & 1) === 1,
      crc: width === 4 ? (symbolCrc(entry * 4) ?? r.u32(entry * 4)) : null,
    };
  });
}
