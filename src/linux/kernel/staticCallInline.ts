// static_call_module_notify() (kernel/static_call_inline.c): every static call of a module needs the key it belongs to.
import { note } from '../../findings/notes';
import { staticCallFixup } from '../../findings/staticCallFixup';
import { ByteReader } from '../../formats/bytes/byteReader';
import { nameString } from '../../formats/bytes/strings';
import { SHF_EXECINSTR, SHN_UNDEF, SHT_RELA } from '../../formats/elf/constants';
import { structSizes } from '../../formats/elf/header';
import { Relocations } from '../../formats/elf/relocations';
import { EINVAL } from '../errno';
import { findSec, sectionBytes } from './module/loadInfo';
import type { Errno, Load } from './module/types';

/** struct static_call_site: two offsets of 32 bits, of the call and of its key. */
const SITE = 8;
const KEY = 4;

/** A key is data. What is code is taken for a trampoline whose key the kernel does not export, and looked up by it. */
export function staticCallModuleNotify(load: Load): Errno {
  const { info, features } = load;
  if (!features.staticCallInline || !features.rows.has('staticCallTrampolines')) return 0;
  const sites = findSec(info, '.static_call_sites');
  const table = info.sechdrs.find(({ sh_type, sh_info }) => sites > 0 && sh_type === SHT_RELA && sh_info === sites);
  if (!table) return 0;
  const { is64, littleEndian } = features;
  const entries = new Relocations(sectionBytes(info, table.index), is64, littleEndian, true, info.ehdr.e_machine);
  const calls = new Map<number, number>();
  for (let i = 0; i < entries.count; i++) if (entries.offset(i) % SITE === 0) calls.set(entries.offset(i), i);
  for (let i = 0; i < entries.count; i++) {
    const offset = entries.offset(i);
    if (offset % SITE !== KEY) continue;
    const { st_shndx, name } = symbolAt(load, entries.symbol(i));
    if (st_shndx === SHN_UNDEF) {
      // Of other symbols of the kernel nobody says whether they are code.
      if (!/^__SC[KT]__/.test(name)) load.notChecked(note('static-call-symbol', { symbol: name }));
      continue;
    }
    if (!((info.sechdrs[st_shndx]?.sh_flags ?? 0) & SHF_EXECINSTR)) continue;
    const call = calls.get(offset - KEY);
    const site = call === undefined ? null : symbolAt(load, entries.symbol(call));
    const place = site && call !== undefined ? site.st_value + Number(entries.addend(call)) : 0;
    load.report(staticCallFixup, {
      module: load.mod.name,
      caller: site ? functionAt(load, site.st_shndx, place) : '',
    });
    return EINVAL;
  }
  return 0;
}

interface FileSymbol {
  readonly st_shndx: number;
  /** In a relocatable file: bytes from the start of the section. */
  readonly st_value: number;
  readonly name: string;
}

/** As the file has it: in memory it is an address already. */
function symbolAt({ info, features: { is64, littleEndian } }: Load, index: number): FileSymbol {
  const r = new ByteReader(sectionBytes(info, info.index.sym), littleEndian);
  const at = index * structSizes(is64).sym;
  return {
    st_shndx: r.u16(at + (is64 ? 6 : 14)),
    st_value: r.sizeWord(at + (is64 ? 8 : 4), is64),
    name: nameString(info.bytes, info.strtab + r.u32(at)),
  };
}

/** What %ps prints: the first of the symbols that lie nearest before a place. */
function functionAt(load: Load, section: number, place: number): string {
  const { info, features } = load;
  const count = Math.floor(sectionBytes(info, info.index.sym).length / structSizes(features.is64).sym);
  let best: FileSymbol | null = null;
  for (let i = 1; i < count; i++) {
    const symbol = symbolAt(load, i);
    if (symbol.st_shndx !== section || symbol.st_value > place || symbol.name === '') continue;
    if (!best || symbol.st_value > best.st_value) best = symbol;
  }
  return best?.name ?? '';
}
