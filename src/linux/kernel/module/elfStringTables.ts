// String table checks that came after 6.12: elf_validity_cache_strtab() and the extended version tables.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { structSizes } from '../../../formats/elf/header';
import { invalid } from './elfValidityCheck';
import { sectionBytes } from './loadInfo';
import type { Errno, Load } from './types';

/** elf_validity_cache_strtab() */
export function checkStrtab(load: Load): Errno {
  const { info, features } = load;
  const strtab = sectionBytes(info, info.index.str);
  if (strtab.length === 0) return invalid(load, 'strtab-empty');
  if (strtab[0] !== 0) return invalid(load, 'strtab-start');
  if (strtab[strtab.length - 1] !== 0) return invalid(load, 'strtab-end');
  const symtab = new ByteReader(sectionBytes(info, info.index.sym), features.littleEndian);
  const { sym } = structSizes(features.is64);
  // st_name comes first in both classes.
  for (let at = 0; at + sym <= symtab.length; at += sym)
    if (symtab.u32(at) >= strtab.length) return invalid(load, 'symbol-name');
  return 0;
}

/** elf_validity_cache_index_versions(): both tables or none, and a name for every CRC. */
export function checkExtendedVersions(load: Load): Errno {
  const { info } = load;
  const { versExtCrc, versExtName } = info.index;
  if ((versExtCrc === 0) !== (versExtName === 0)) return invalid(load, 'ext-versions');
  if (versExtCrc === 0) return 0;
  const names = sectionBytes(info, versExtName);
  let crcs = Math.floor(sectionBytes(info, versExtCrc).length / 4);
  for (let at = 0; crcs > 0; crcs--) {
    const nul = names.indexOf(0, at);
    if (at >= names.length || nul < 0) return invalid(load, 'ext-names');
    at = nul + 1;
  }
  return 0;
}
