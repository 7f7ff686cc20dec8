// elf_validity_check() and setup_load_info() up to 6.3, elf_validity_cache_copy() after: is this a module at all,
// and where are its parts? Nothing later may be trusted before these pass.
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
import { notLoadable, type ElfCheck } from '../../../findings/notLoadable';
import { uncheckedField } from '../../../findings/uncheckedField';
import { ENOEXEC } from '../../errno';
import { findAnyUniqueSec, findSec, getInfo, NAME_UNKNOWN, sectionName } from './loadInfo';
import { readSectionHeaders } from './loadedSection';
import { thisModuleName } from './thisModule';
import { checkThisModuleSize } from './thisModuleSize';
import { noteStructModule, noteWildName } from './uncheckedFields';
import { checkExtendedVersions, checkStrtab } from './elfStringTables';
import type { Errno, Load, LoadedSection } from './types';

/** Reports a failed check the way this kernel does; the answer is always ENOEXEC. */
export function invalid(load: Load, check: ElfCheck, ...values: (number | string)[]): Errno {
  const { elfChecks } = load.features;
  const narrated = elfChecks !== 'classic' && elfChecks !== 'summary';
  load.report(notLoadable, {
    check,
    values,
    spoken: narrated || check === 'section' || check === 'section-name',
    summary: elfChecks === 'summary',
  });
  return ENOEXEC;
}

/** As {@link invalid}, for the section look-ups after elf_validity_check(), which every kernel comments. */
function missing(load: Load, check: ElfCheck, ...values: (number | string)[]): Errno {
  load.report(notLoadable, { check, values, spoken: true, summary: false });
  return ENOEXEC;
}

/** elf_validity_ehdr() and the section header table. */
export function elfValidityCheck(load: Load): Errno {
  const headers = checkHeaders(load);
  if (headers !== 0) return headers;
  return load.features.elfChecks === 'string-tables' ? checkStrict(load) : checkClassic(load);
}

function checkHeaders(load: Load): Errno {
  const { info, features } = load;
  const format = { is64: features.is64, littleEndian: features.littleEndian };
  const size = structSizes(features.is64);
  if (info.len < size.ehdr) return invalid(load, 'header-len', info.len);
  const ehdr = (info.ehdr = readEhdr(info.bytes, format));
  if (!hasElfMagic(info.bytes)) return invalid(load, 'magic');
  if (ehdr.e_type !== ET_REL) return invalid(load, 'type', ehdr.e_type);
  if (!load.arch.machines.includes(ehdr.e_machine)) return invalid(load, 'arch', ehdr.e_machine);
  if (ehdr.e_shentsize !== size.shdr) return invalid(load, 'shentsize');
  if (ehdr.e_shoff >= info.len || ehdr.e_shnum * size.shdr > info.len - ehdr.e_shoff) return invalid(load, 'shoff');
  info.sechdrs = readSectionHeaders(info.bytes, format, ehdr);
  return 0;
}

/** Section bounds as validate_section_offset() sees them. */
function inBounds(load: Load, section: LoadedSection): boolean {
  return section.sh_offset + section.sh_size <= load.info.len;
}

function hasContents(section: LoadedSection): boolean {
  return section.sh_type !== SHT_NULL && section.sh_type !== SHT_NOBITS;
}

/** Section 0 as the kernel reads it: where the table begins, whether e_shnum counts it or not. */
function checkSectionZero(load: Load): Errno {
  const { info, features } = load;
  const format = { is64: features.is64, littleEndian: features.littleEndian };
  const [zero] = readSectionHeaders(info.bytes, format, { ...info.ehdr, e_shnum: 1 });
  if (zero && zero.sh_type === SHT_NULL && zero.sh_size === 0 && zero.sh_addr === 0n) return 0;
  return invalid(load, 'section-0', zero?.sh_type ?? 0);
}

/** 5.10 to 6.12: names table, section 0, then every section in turn. */
function checkClassic(load: Load): Errno {
  const { info } = load;
  const { e_shstrndx, e_shnum } = info.ehdr;
  const strhdr = info.sechdrs[e_shstrndx];
  if (e_shstrndx === SHN_UNDEF || !strhdr) return invalid(load, 'shstrndx', e_shstrndx, e_shnum);
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
    load.report(uncheckedField, { field: 'the table of section names is empty, and the byte before it is looked at' });
  }
  if (info.bytes[strhdr.sh_offset + strhdr.sh_size - 1] !== 0) return invalid(load, 'shstrtab-end');
  return 0;
}

/** 7.2: all bounds first, then the names of all sections, whatever their flags. */
function checkStrict(load: Load): Errno {
  const { info } = load;
  const { e_shstrndx, e_shnum } = info.ehdr;
  const zero = checkSectionZero(load);
  if (zero !== 0) return zero;
  for (const section of info.sechdrs)
    if (section.index > 0 && hasContents(section) && !inBounds(load, section))
      return invalid(load, 'section', section.index, section.sh_type);
  const strhdr = info.sechdrs[e_shstrndx];
  if (e_shstrndx === SHN_UNDEF || !strhdr) return invalid(load, 'shstrndx', e_shstrndx, e_shnum);
  if (strhdr.sh_type !== SHT_STRTAB) return invalid(load, 'shstrtab-type', strhdr.sh_type);
  const names = checkNameTable(load, strhdr);
  if (names !== 0) return names;
  for (const section of info.sechdrs) {
    noteWildName(load, section, section.sh_type !== SHT_NULL);
    if (section.sh_type !== SHT_NULL && section.sh_name >= strhdr.sh_size)
      return invalid(load, 'section-name', section.index, section.sh_type);
  }
  return 0;
}

/** setup_load_info(), or the index half of elf_validity_cache_copy(): finds the sections the loader needs. */
export function setupLoadInfo(load: Load): Errno {
  const { info, features } = load;
  const unique = features.elfChecks === 'unique-sections' || features.elfChecks === 'string-tables';
  info.index.info = findModinfo(load, unique);
  if (info.index.info < 0) return missing(load, 'modinfo-twice');
  const name = getInfo(info, 'name');
  const shown = name ?? NAME_UNKNOWN;
  const parts =
    features.elfChecks === 'string-tables'
      ? findThisModule(load, shown) || findSymtab(load, shown) || checkSymtabLink(load)
      : findSymtab(load, shown) || findThisModule(load, shown);
  if (parts !== 0) return parts;
  const versions = findVersions(load);
  if (versions !== 0) return versions;
  info.index.pcpu = findSec(info, '.data..percpu');
  info.strtab = info.sechdrs[info.index.str]?.sh_offset ?? 0;
  if (features.symbolNamesChecked) {
    const strtab = checkStrtab(load);
    if (strtab !== 0) return strtab;
  }
  load.mod.name = thisModuleName(load);
  info.name = name ?? load.mod.name;
  return 0;
}

/** 6.12 counts only sections with bytes in the file; -1 when there are several. */
function findModinfo(load: Load, unique: boolean): number {
  if (!unique) return findSec(load.info, '.modinfo');
  if (load.features.elfChecks === 'string-tables') return findAnyUniqueSec(load.info, '.modinfo');
  const found = sectionsWithContents(load, '.modinfo');
  return found.length > 1 ? -1 : (found[0]?.index ?? 0);
}

function findSymtab(load: Load, shown: string): Errno {
  const { info, features } = load;
  const symtabs = info.sechdrs.filter(section => section.index > 0 && section.sh_type === SHT_SYMTAB);
  const unique = features.elfChecks === 'unique-sections' || features.elfChecks === 'string-tables';
  const symtab = symtabs[0];
  if (!symtab || (unique && symtabs.length !== 1)) return missing(load, 'no-symbols', shown);
  info.index.sym = symtab.index;
  info.index.str = symtab.sh_link;
  return 0;
}

function checkSymtabLink(load: Load): Errno {
  const { info } = load;
  const link = info.index.str;
  const strtab = info.sechdrs[link];
  if (link === SHN_UNDEF || !strtab) return invalid(load, 'sh-link', link, info.ehdr.e_shnum);
  return strtab.sh_type === SHT_STRTAB ? 0 : invalid(load, 'strtab-type', strtab.sh_type);
}

const THIS_MODULE = '.gnu.linkonce.this_module';

function findThisModule(load: Load, shown: string): Errno {
  const { info, features } = load;
  const { elfChecks } = features;
  if (elfChecks === 'string-tables') info.index.mod = Math.max(0, findAnyUniqueSec(info, THIS_MODULE));
  else if (elfChecks === 'unique-sections') {
    const found = sectionsWithContents(load, THIS_MODULE);
    info.index.mod = found.length === 1 ? (found[0]?.index ?? 0) : 0;
  } else info.index.mod = findSec(info, THIS_MODULE);
  const section = info.sechdrs[info.index.mod];
  if (info.index.mod === 0 || !section) {
    if (elfChecks === 'string-tables') return missing(load, 'this-module-exactly-one', shown);
    return missing(load, elfChecks === 'unique-sections' ? 'this-module-unique' : 'no-module', shown);
  }
  const odd = checkStructModule(load, section, shown);
  if (odd === 0) noteStructModule(load, section);
  return odd;
}

function checkStructModule(load: Load, section: LoadedSection, shown: string): Errno {
  if (!load.features.thisModuleSizeChecked) return checkThisModuleSize(load, section, shown);
  if (section.sh_type === SHT_NOBITS) return missing(load, 'this-module-nobits', shown);
  if (!(section.sh_flags & SHF_ALLOC)) return missing(load, 'this-module-alloc', shown);
  return checkThisModuleSize(load, section, shown);
}

function sectionsWithContents(load: Load, name: string): LoadedSection[] {
  return load.info.sechdrs.filter(
    section => section.index > 0 && hasContents(section) && sectionName(load.info, section) === name,
  );
}

export const MODULE_INIT_IGNORE_MODVERSIONS = 1;
export const MODULE_INIT_IGNORE_VERMAGIC = 2;
export const MODULE_INIT_COMPRESSED_FILE = 4;

function findVersions(load: Load): Errno {
  const { info, features } = load;
  if (load.options.flags & MODULE_INIT_IGNORE_MODVERSIONS) return 0;
  if (features.extendedModversions) {
    info.index.versExtCrc = findSec(info, '__version_ext_crcs');
    info.index.versExtName = findSec(info, '__version_ext_names');
    const extended = checkExtendedVersions(load);
    if (extended !== 0) return extended;
  }
  info.index.vers = findSec(info, '__versions');
  return 0;
}
