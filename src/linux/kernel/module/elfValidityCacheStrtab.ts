// elf_validity_cache_strtab(), since 6.13: the string table of the symbols.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { structSizes } from '../../../formats/elf/header';
import { invalid } from './invalidElf';
import { sectionBytes } from './loadInfo';
import type { Errno, Load } from './types';

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
