// module_frob_arch_sections() of s390 (arch/s390/kernel/module.c): GOT and PLT have no sections, they lie in front of the code.
import { missingSection } from '../preparedSections';
import { archSections } from '../../../findings/archSections';
import { SHT_RELA, SHT_SYMTAB } from '../../../formats/elf/constants';
import { ENOMEM } from '../../errno';
import type { Errno, Load } from '../../kernel/module/types';
import { rowsByType } from '../rows';
import { RELOCATIONS } from './relocations';

const RELA = 24;
const SYM = 24;
const GOT_ENTRY = 8;
export const PLT_ENTRY_SIZE = 22;

/** struct mod_arch_specific: offsets of the entries that symbols have, by index. */
export interface S390Module {
  readonly kind: 's390x';
  readonly got: Map<number, number>;
  readonly plt: Map<number, number>;
  /** Bytes from the start of the memory for code. */
  readonly pltOffset: number;
  readonly pltSize: number;
  /** Jumps go by way of an execute instruction, which no branch prediction follows. */
  readonly expolines: boolean;
}

const ROWS = rowsByType(RELOCATIONS);

export function frobArchSections(load: Load): Errno {
  const { info, facts, machine } = load;
  const symtab = info.sechdrs.findLast(({ sh_type }) => sh_type === SHT_SYMTAB);
  if (!symtab) return missingSection(load, `module ${load.mod.name}: no symbol table`);
  const symbols = Math.floor(symtab.sh_size / SYM);
  if (symbols === 0) {
    // vmalloc() of nothing fails.
    load.report(archSections, { module: load.mod.name, arch: load.arch.name, lines: [], section: '.symtab' });
    return ENOMEM;
  }
  const got = new Map<number, number>();
  const plt = new Map<number, number>();
  const { bytes } = info;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const section of info.sechdrs) {
    if (section.sh_type !== SHT_RELA) continue;
    const end = Math.min(section.sh_offset + section.sh_size, bytes.length) - RELA;
    for (let at = section.sh_offset; at <= end; at += RELA) {
      const operation = ROWS[view.getUint32(at + 12)]?.operation;
      if (operation === undefined) continue;
      const symbol = view.getUint32(at + 8);
      // Behind the symbols the kernel would count in memory that is not its own: applying relocations tells.
      if (symbol >= symbols) continue;
      if (operation === 'got' || operation === 'got-entry') {
        if (!got.has(symbol)) got.set(symbol, got.size * GOT_ENTRY);
      } else if ((operation === 'plt' || operation === 'plt-offset') && !plt.has(symbol)) {
        plt.set(symbol, plt.size * PLT_ENTRY_SIZE);
      }
    }
  }
  const expolines = facts.config['EXPOLINE'] === 'y' && !machine.boot.spectreV2Off;
  const gotSize = got.size * GOT_ENTRY;
  const pltSize = plt.size === 0 ? 0 : (plt.size + (expolines ? 1 : 0)) * PLT_ENTRY_SIZE;
  if (gotSize > 0) load.reserved.push({ name: '<got>', size: gotSize });
  if (pltSize > 0) load.reserved.push({ name: '<plt>', size: pltSize });
  const state: S390Module = { kind: 's390x', got, plt, pltOffset: gotSize, pltSize, expolines };
  load.archSpecific = state;
  return 0;
}
