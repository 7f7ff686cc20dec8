// module_frob_arch_sections() of arm (arch/arm/kernel/module-plts.c): room for PLT entries.
import { missingSection } from '../preparedSections';
import { SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_REL, SHT_SYMTAB } from '../../../formats/elf/constants';
import { sort } from '../../lib/sort';
import { alignUp } from '../../kernel/module/align';
import { isInitSection } from '../../kernel/module/layoutSections';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import { PLT_ENT_SIZE, pltLayout, type ArmModule, type PltSection } from './plt';
import { R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_THM_CALL, R_ARM_THM_JUMP24 } from './relocations';

/** sizeof(Elf32_Rel), sizeof(Elf32_Sym), offsetof(Elf32_Sym, st_shndx) */
const REL = 8;
const SYM = 16;
const SHNDX = 14;

export function frobArchSections(load: Load): Errno {
  const { info, facts } = load;
  if (facts.config['ARM_MODULE_PLTS'] !== 'y') return 0;
  let plt: LoadedSection | undefined;
  let initPlt: LoadedSection | undefined;
  let symtab: LoadedSection | undefined;
  for (const section of info.sechdrs) {
    const name = sectionName(info, section);
    if (name === '.plt') plt = section;
    else if (name === '.init.plt') initPlt = section;
    else if (section.sh_type === SHT_SYMTAB) symtab = section;
  }
  if (!plt || !initPlt) return missingSection(load, `${load.mod.name}: module PLT section(s) missing`);
  if (!symtab) return missingSection(load, `${load.mod.name}: module symtab section missing`);
  const layout = pltLayout(load);
  const count = { core: layout.fixed, init: layout.fixed };
  for (const section of info.sechdrs) {
    const target = info.sechdrs[section.sh_info];
    if (section.index === 0 || section.sh_type !== SHT_REL || !target || !(target.sh_flags & SHF_EXECINSTR)) continue;
    const plts = countPlts(load, section, target, symtab);
    count[isInitSection(load, sectionName(info, target)) ? 'init' : 'core'] += plts;
  }
  const room = (section: LoadedSection, entries: number): PltSection => {
    const size = alignUp(entries * PLT_ENT_SIZE, 2 * layout.stride);
    section.become(SHT_NOBITS, SHF_EXECINSTR | SHF_ALLOC, layout.stride, size);
    return { section, count: 0, last: null };
  };
  const state: ArmModule = { kind: 'arm', core: room(plt, count.core), init: room(initPlt, count.init), layout };
  load.archSpecific = state;
  return 0;
}

/** Sorts the section by type and symbol, and counts branches to other sections; a repeated one without addend is none. */
function countPlts(load: Load, section: LoadedSection, target: LoadedSection, symtab: LoadedSection): number {
  const { bytes } = load.info;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset)) / REL);
  const word = (at: number): number => (at >= 0 && at + 4 <= bytes.length ? view.getUint32(at, true) : 0);
  const infoOf = (entry: number): number => word(section.sh_offset + entry * REL + 4);
  const type = (entry: number): number => infoOf(entry) & 0xff;
  // Type first, then the symbol.
  const keys = Float64Array.from({ length: count }, (_, i) => type(i) * 0x100_0000 + (infoOf(i) >>> 8));
  const compare = (a: number, b: number): number => (keys[a] ?? 0) - (keys[b] ?? 0);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  sort(order, compare, load.features.rows.has('sortsByThrees'));
  section.order = order;

  const withoutAddend = (entry: number): boolean => {
    const field = word(target.sh_offset + word(section.sh_offset + entry * REL));
    if (isThumb(type(entry))) return (field & 0x7ff) === 0x7ff && ((field >>> 16) & 0x2fff) === 0x2ffe;
    return (field & 0xff_ffff) === 0xff_fffe;
  };
  let plts = 0;
  let before = -1;
  for (const entry of order) {
    if (isBranch(type(entry))) {
      const shndx = symtab.sh_offset + (infoOf(entry) >>> 8) * SYM + SHNDX;
      const elsewhere = shndx + 2 > bytes.length || view.getUint16(shndx, true) !== section.sh_info;
      const repeated = before >= 0 && compare(entry, before) === 0 && withoutAddend(before);
      if (elsewhere && (!withoutAddend(entry) || !repeated)) plts++;
    }
    before = entry;
  }
  return plts;
}

const isThumb = (type: number): boolean => type === R_ARM_THM_CALL || type === R_ARM_THM_JUMP24;

function isBranch(type: number): boolean {
  return type === R_ARM_CALL || type === R_ARM_PC24 || type === R_ARM_JUMP24 || isThumb(type);
}
