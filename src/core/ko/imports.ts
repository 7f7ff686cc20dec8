// What a module imports, read from its file: undefined symbols, and the checksums of __versions.
import { ByteReader } from '../bytes/byteReader';
import { cString } from '../bytes/strings';
import { contents } from '../elf/sectionByName';
import type { ObjectFile } from './objectFile';

/** Undefined symbols in the order of the symbol table, with the CRC each was built with; null without one. */
export function readImports(object: ObjectFile): Map<string, number | null> {
  const versions = readVersions(object);
  const imports = new Map<string, number | null>();
  for (let i = 1; i < object.symbols.count; i++) {
    if (object.symbols.section(i) !== 0) continue;
    const name = object.symbols.name(i);
    if (name !== '') imports.set(name, versions.get(name) ?? null);
  }
  return imports;
}

/** struct modversion_info (include/linux/module.h) is 64 bytes: a word with the CRC, then the name. */
const ENTRY = 64;

function readVersions({ file, sections, sectionNames }: ObjectFile): Map<string, number> {
  const versions = new Map<string, number>();
  const index = sectionNames.indexOf('__versions');
  if (index < 0) return versions;
  const { is64, littleEndian } = sections.format;
  const r = new ByteReader(contents(file, sections.shdrs[index]), littleEndian);
  const word = is64 ? 8 : 4;
  for (let at = 0; at + ENTRY <= r.length; at += ENTRY) {
    // A 64-bit word with the CRC in its low half.
    const crc = r.u32(is64 && !littleEndian ? at + 4 : at);
    versions.set(cString(r.bytes, at + word, at + ENTRY), crc);
  }
  return versions;
}
