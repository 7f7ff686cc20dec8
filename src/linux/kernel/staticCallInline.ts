// static_call_module_notify() (kernel/static_call_inline.c): every static call of a module needs the key it belongs to.
import { note } from '../../findings/notes';
import { staticCallFixup } from '../../findings/staticCallFixup';
import { SHF_EXECINSTR, SHN_UNDEF, SHT_RELA } from '../../formats/elf/constants';
import { Relocations } from '../../formats/elf/relocations';
import { SymbolTable, type SymbolIndex } from '../../formats/elf/symtab';
import { EINVAL } from '../errno';
import { findSec, sectionBytes } from './module/loadInfo';
import type { Errno, Load } from './module/types';

/** struct static_call_site: two offsets of 32 bits, of the call and of its key. */
const SITE = 8;
const KEY = 4;

/** A key is data. The kernel takes code for a trampoline, and looks for the key that belongs to it. */
export function staticCallModuleNotify(load: Load): Errno {
  const { info, features } = load;
  if (!features.staticCallInline || !features.rows.has('staticCallTrampolines')) return 0;
  const sites = findSec(info, '.static_call_sites');
  const table = info.sechdrs.find(({ sh_type, sh_info }) => sites > 0 && sh_type === SHT_RELA && sh_info === sites);
  if (!table) return 0;
  const { is64, littleEndian } = features;
  const entries = new Relocations(sectionBytes(info, table.index), is64, littleEndian, true, info.ehdr.e_machine);
  // As the file has them: in memory values are addresses already.
  const strings = info.bytes.subarray(info.strtab);
  const symbols = new SymbolTable(sectionBytes(info, info.index.sym), strings, is64, littleEndian);
  const calls = new Map<number, number>();
  for (let i = 0; i < entries.count; i++) if (entries.offset(i) % SITE === 0) calls.set(entries.offset(i), i);
  for (let i = 0; i < entries.count; i++) {
    const offset = entries.offset(i);
    if (offset % SITE !== KEY) continue;
    const symbol = entries.symbol(i);
    const section = symbols.section(symbol);
    if (section === SHN_UNDEF) {
      // The target does not tell whether other symbols of the kernel are code.
      const name = symbols.name(symbol);
      if (!/^__SC[KT]__/.test(name)) load.notChecked(note('static-call-symbol', { symbol: name }));
      continue;
    }
    if (!((info.sechdrs[section]?.sh_flags ?? 0) & SHF_EXECINSTR)) continue;
    const call = calls.get(offset - KEY);
    const caller = call === undefined ? '' : functionAt(symbols, entries.symbol(call), Number(entries.addend(call)));
    load.report(staticCallFixup, { module: load.mod.name, caller });
    return EINVAL;
  }
  return 0;
}

/** What %ps prints: the first of the symbols that lie nearest before a place, given as a symbol and what is added to it. */
function functionAt(symbols: SymbolTable, symbol: SymbolIndex, addend: number): string {
  const section = symbols.section(symbol);
  const place = symbols.value(symbol) + addend;
  let best: SymbolIndex | null = null;
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.section(i) !== section || symbols.value(i) > place || !symbols.hasName(i)) continue;
    if (best === null || symbols.value(i) > symbols.value(best)) best = i;
  }
  return best === null ? '' : symbols.name(best);
}
