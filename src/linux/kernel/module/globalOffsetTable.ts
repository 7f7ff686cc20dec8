// Position-independent code in a module. Only linkers make the table that it reads addresses from; kernels of most architectures
// make none for modules, and refuse the first relocation that wants it, or the symbol that stands for it.
import { globalOffsetTable } from '../../../findings/globalOffsetTable';
import { GLOBAL_OFFSET_TABLE, SHF_ALLOC, SHT_REL, SHT_RELA } from '../../../formats/elf/constants';
import { Relocations } from '../../../formats/elf/relocations';
import { sectionBytes } from './loadInfo';
import type { Symtab } from './symtab';
import { isRefusing } from './symbolStatus';
import type { Load } from './types';

/** Names of symbols that are listed. */
const MOST_NAMES = 20;

/** What compilers call at the beginning of functions, for ftrace. */
const TRACER = /^(?:__fentry__|_?mcount|__gnu_mcount_nc)$/;

/** Reports all places that want the table: the kernel names the first type at most. */
export function noteGlobalOffsetTable(load: Load, symtab: Symtab): void {
  const { arch, info, machine, features } = load;
  // A trial that meets such a type ends, and the whole load follows.
  if (machine.trial) return;
  const types = new Set<string>();
  const symbols = new Set<string>();
  let count = 0;
  let isTracer = false;
  let first: { readonly section: number; readonly index: number } | null = null;
  for (const section of arch.foreignGot.size > 0 ? info.sechdrs : []) {
    const target = info.sechdrs[section.sh_info];
    if ((section.sh_type !== SHT_REL && section.sh_type !== SHT_RELA) || !target || !(target.sh_flags & SHF_ALLOC))
      continue;
    const { is64, littleEndian } = features;
    const bytes = sectionBytes(info, section.index);
    const table = new Relocations(bytes, is64, littleEndian, section.sh_type === SHT_RELA, info.ehdr.e_machine);
    for (let i = 0; i < table.count; i++) {
      const type = arch.foreignGot.get(table.type(i));
      if (type === undefined) continue;
      const name = symbolName(load, symtab, table.symbol(i));
      // Calls of the tracer begin functions, and no line of the source makes them.
      if (!first || (isTracer && !TRACER.test(name))) {
        first = { section: section.index, index: i };
        isTracer = TRACER.test(name);
      }
      count++;
      types.add(type);
      if (symbols.size < MOST_NAMES) symbols.add(name);
    }
  }
  const wanted = load.symbols.some(({ name, status }) => name === GLOBAL_OFFSET_TABLE && isRefusing(status));
  if (count === 0 && !wanted) return;
  symbols.delete('');
  symbols.delete(GLOBAL_OFFSET_TABLE);
  load.report(globalOffsetTable, {
    module: load.mod.name,
    types: [...types],
    symbols: [...symbols],
    count,
    first,
  });
}

/** Of a symbol with a name; sections have none. */
function symbolName({ info }: Load, { view, count, entrySize, littleEndian }: Symtab, symbol: number): string {
  if (symbol >= count) return '';
  return info.names.textAt(info.bytes, info.strtab + view.getUint32(symbol * entrySize, littleEndian));
}
