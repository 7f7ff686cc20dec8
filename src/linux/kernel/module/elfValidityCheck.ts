// elf_validity_check() up to 6.3, the first half of elf_validity_cache_copy() after: is this a module at all? Nothing later
// may be trusted before it passes.
import { note } from '../../../findings/notes';
import {
  ET_REL,
  SHF_ALLOC,
  SHN_UNDEF,
  SHT_NOBITS,
  SHT_NULL,
  SHT_STRTAB,
  SHT_SYMTAB,
} from '../../../formats/elf/constants';
import { hasElfMagic, readEhdr, structSizes } from '../../../formats/elf/header';
import { uncheckedField } from '../../../findings/uncheckedField';
import { readSectionHeaders } from './loadedSection';
import { noteWildName } from './uncheckedFields';
import { invalid, missing } from './invalidElf';
import { sectionName } from './loadInfo';
import type { Errno, Load, LoadedSection } from './types';

/** elf_validity_ehdr() and the section header table. */
export function elfValidityCheck(load: Load): Errno {
  const headers = checkHeaders(load);
  if (headers !== 0) return headers;
  load.observer?.checked('e_shnum', load.info.ehdr.e_shnum);
  const { elfChecks } = load.features;
  // elf_header_check() and copy_and_check() look no further.
  if (elfChecks === 'classic') return nameTableUnchecked(load);
  return elfChecks === 'cached' ? checkStrict(load) : checkSections(load);
}

function checkHeaders(load: Load): Errno {
  const { info, features, observer } = load;
  const format = { is64: features.is64, littleEndian: features.littleEndian };
  const size = structSizes(features.is64);
  const isLong = info.len >= size.ehdr;
  observer?.checked('length', info.len, note('at-least', { size: size.ehdr }), isLong);
  if (!isLong) return invalid(load, 'header-len', info.len);
  const ehdr = (info.ehdr = readEhdr(info.bytes, format));
  const { e_type, e_machine, e_shentsize, e_shoff, e_shnum } = ehdr;
  const isElf = hasElfMagic(info.bytes);
  observer?.checked('e_ident', isElf ? '\\x7fELF' : note('something-else'), '\\x7fELF', isElf);
  if (!isElf) return invalid(load, 'magic');
  observer?.checked('e_type', e_type, ET_REL, e_type === ET_REL);
  if (e_type !== ET_REL) return invalid(load, 'type', e_type);
  const { machines } = load.arch;
  const isOurs = machines?.includes(e_machine) ?? true;
  observer?.checked('e_machine', e_machine, machines?.join(' or ') ?? '', isOurs);
  if (!isOurs) return invalid(load, 'arch', e_machine);
  const { elfCheckArch, moduleElfCheckArch } = load.arch;
  if (elfCheckArch) {
    const isTaken = elfCheckArch(ehdr, info.bytes, load.facts.config);
    observer?.checked('elf_check_arch()', ehdr.e_flags, '', isTaken);
    if (!isTaken) return invalid(load, 'arch', e_machine);
  }
  if (moduleElfCheckArch && features.rows.has('moduleElfCheckArch')) {
    const isTaken = moduleElfCheckArch(ehdr);
    observer?.checked('module_elf_check_arch()', ehdr.e_flags, '', isTaken);
    if (!isTaken) return invalid(load, 'module-arch', e_machine);
  }
  observer?.checked('e_shentsize', e_shentsize, size.shdr, e_shentsize === size.shdr);
  if (e_shentsize !== size.shdr) return invalid(load, 'shentsize');
  const inFile = e_shoff < info.len && e_shnum * size.shdr <= info.len - e_shoff;
  observer?.checked(
    note('headers-end'),
    e_shoff + e_shnum * size.shdr,
    note('file-ends', { offset: info.len }),
    inFile,
  );
  // In 2.6.35 and before the same line as for a section that is cut off.
  if (!inFile && !features.rows.has('loadInfo')) return missing(load, 'truncated', info.len);
  if (!inFile) return invalid(load, 'shoff');
  info.sechdrs = readSectionHeaders(info.bytes, format, ehdr);
  return 0;
}

/** Section bounds as validate_section_offset() sees them. */
function inBounds(load: Load, section: LoadedSection): boolean {
  return section.sh_offset + section.sh_size <= load.info.len;
}

export function hasContents(section: LoadedSection): boolean {
  return section.sh_type !== SHT_NULL && section.sh_type !== SHT_NOBITS;
}

/** Section 0 as the kernel reads it: where the table begins, whether e_shnum counts it or not. */
function checkSectionZero(load: Load): Errno {
  const { info, features } = load;
  const format = { is64: features.is64, littleEndian: features.littleEndian };
  const zero = info.sechdrs[0] ?? readSectionHeaders(info.bytes, format, { ...info.ehdr, e_shnum: 1 })[0];
  if (zero && zero.sh_type === SHT_NULL && zero.sh_size === 0 && zero.sh_addr === 0n) return 0;
  return invalid(load, 'section-0', zero?.sh_type ?? 0);
}

/** Before 5.10 names are looked up wherever e_shstrndx leads. */
function nameTableUnchecked({ info }: Load): Errno {
  info.secstrings = info.sechdrs[info.ehdr.e_shstrndx]?.sh_offset ?? 0;
  return 0;
}

/** Up to 5.9, in rewrite_section_headers(): what a section claims must lie in the file. */
export function checkTruncated(load: Load): Errno {
  const { info } = load;
  const cut = info.sechdrs.find(
    section => section.index > 0 && section.sh_type !== SHT_NOBITS && !inBounds(load, section),
  );
  load.observer?.checked(
    note('file-ends', { offset: info.len }),
    cut ? sectionName(info, cut) : note('none'),
    '',
    !cut,
  );
  return cut ? missing(load, 'truncated', info.len) : 0;
}

/** 5.10 to 6.12: names table, section 0, then every section in turn. */
function checkSections(load: Load): Errno {
  const { info } = load;
  const { e_shstrndx, e_shnum } = info.ehdr;
  const strhdr = info.sechdrs[e_shstrndx];
  const named = e_shstrndx !== SHN_UNDEF && strhdr !== undefined;
  load.observer?.checked('e_shstrndx', e_shstrndx, note('below', { limit: e_shnum }), named);
  if (!named) return invalid(load, 'shstrndx', e_shstrndx, e_shnum);
  if (!inBounds(load, strhdr)) return invalid(load, 'shstrtab-bounds', strhdr.sh_type);
  const names = checkNameTable(load, strhdr);
  if (names !== 0) return names;
  const zero = checkSectionZero(load);
  if (zero !== 0) return zero;
  // Names are compared before they are checked where this loop also looks for the loader's own sections.
  const comparedFirst = load.features.elfChecks === 'unique-sections';
  for (const section of info.sechdrs) {
    const looked = section.index > 0 && hasContents(section);
    noteWildName(load, section, looked && !comparedFirst && (section.sh_flags & SHF_ALLOC) !== 0);
    if (!looked) continue;
    if (section.sh_type === SHT_SYMTAB && (section.sh_link === SHN_UNDEF || section.sh_link >= e_shnum))
      return invalid(load, 'sh-link', section.sh_link, e_shnum);
    if (!inBounds(load, section)) return invalid(load, 'section', section.index, section.sh_type);
    if (section.sh_flags & SHF_ALLOC && section.sh_name >= strhdr.sh_size)
      return invalid(load, 'section-name', section.index, section.sh_type);
  }
  return 0;
}

function checkNameTable(load: Load, strhdr: LoadedSection): Errno {
  const { info } = load;
  info.secstrings = strhdr.sh_offset;
  // 5.10 does not ask for a size and looks at the byte before an empty table; that byte is NUL only by chance.
  if (strhdr.sh_size === 0) {
    if (load.features.elfChecks !== 'summary') return invalid(load, 'shstrtab-empty');
    load.report(uncheckedField, { field: note('section-names-empty') });
  }
  if (info.bytes[strhdr.sh_offset + strhdr.sh_size - 1] !== 0) return invalid(load, 'shstrtab-end');
  return 0;
}

/**
 * elf_validity_cache_sechdrs() and elf_validity_cache_secstrings(): first the bounds of every section, then the name of every
 * section, also of those that take no memory.
 */
function checkStrict(load: Load): Errno {
  const { info } = load;
  const { e_shstrndx, e_shnum } = info.ehdr;
  const zero = checkSectionZero(load);
  if (zero !== 0) return zero;
  for (const section of info.sechdrs)
    if (section.index > 0 && hasContents(section) && !inBounds(load, section))
      return invalid(load, 'section', section.index, section.sh_type);
  const strhdr = info.sechdrs[e_shstrndx];
  const named = e_shstrndx !== SHN_UNDEF && strhdr !== undefined;
  load.observer?.checked('e_shstrndx', e_shstrndx, note('below', { limit: e_shnum }), named);
  if (!named) return invalid(load, 'shstrndx', e_shstrndx, e_shnum);
  if (load.features.rows.has('stringTableTypes') && strhdr.sh_type !== SHT_STRTAB)
    return invalid(load, 'shstrtab-type', strhdr.sh_type);
  const names = checkNameTable(load, strhdr);
  if (names !== 0) return names;
  for (const section of info.sechdrs) {
    noteWildName(load, section, section.sh_type !== SHT_NULL);
    if (section.sh_type !== SHT_NULL && section.sh_name >= strhdr.sh_size)
      return invalid(load, 'section-name', section.index, section.sh_type);
  }
  return 0;
}
