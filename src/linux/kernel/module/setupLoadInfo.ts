// setup_load_info() up to 6.3, the index half of elf_validity_cache_copy() after: finds the sections the loader needs.
import { note, type Note } from '../../../findings/notes';
import { SHF_ALLOC, SHN_UNDEF, SHT_NOBITS, SHT_STRTAB, SHT_SYMTAB } from '../../../formats/elf/constants';
import { checkThisModuleSize } from './checkThisModuleSize';
import { checkExtendedVersions } from './elfValidityCacheIndexVersions';
import { checkStrtab } from './elfValidityCacheStrtab';
import { checkTruncated, hasContents } from './elfValidityCheck';
import { MODULE_INIT_IGNORE_MODVERSIONS } from './initFlags';
import { invalid, missing } from './invalidElf';
import { findAnyUniqueSec, findSec, getInfo, NAME_UNKNOWN, sectionName } from './loadInfo';
import { thisModuleName } from './thisModule';
import type { Errno, Load, LoadedSection, LoadObserver } from './types';
import { believeStructModule } from './believedFields';
import { noteStructModule } from './uncheckedFields';

/** setup_load_info(), or the index half of elf_validity_cache_copy(): finds the sections the loader needs. */
export function setupLoadInfo(load: Load): Errno {
  const errno = findParts(load);
  if (load.observer) narrate(load, load.observer);
  return errno;
}

function findParts(load: Load): Errno {
  const { info, features } = load;
  if (features.elfChecks === 'classic' && !features.rows.has('namedEarly')) return findPartsBefore417(load);
  const unique = features.elfChecks === 'unique-sections' || features.elfChecks === 'cached';
  info.index.info = findModinfo(load, unique);
  if (info.index.info < 0) return missing(load, 'modinfo-twice');
  const name = getInfo(info, 'name');
  const shown = name ?? NAME_UNKNOWN;
  const parts =
    features.elfChecks === 'cached'
      ? findThisModule(load, shown) || findSymtab(load, shown) || checkSymtabLink(load)
      : findSymtab(load, shown) || findThisModule(load, shown);
  if (parts !== 0) return parts;
  const versions = findVersions(load);
  if (versions !== 0) return versions;
  info.index.pcpu = findPcpu(load);
  info.strtab = info.sechdrs[info.index.str]?.sh_offset ?? 0;
  if (features.symbolNamesChecked) {
    const strtab = checkStrtab(load);
    if (strtab !== 0) return strtab;
  }
  load.mod.name = thisModuleName(load);
  info.name = name ?? load.mod.name;
  return 0;
}

/** Up to 4.16: sections are checked against the length of the file first, and struct module is found before the symbol table. */
function findPartsBefore417(load: Load): Errno {
  const { info } = load;
  const parts = checkTruncated(load) || findThisModule(load, '');
  if (parts !== 0) return parts;
  load.mod.name = info.name = thisModuleName(load);
  const symtab = findSymtab(load, info.name);
  if (symtab !== 0) return symtab;
  info.index.info = findSec(info, '.modinfo');
  findVersions(load);
  info.index.pcpu = findPcpu(load);
  info.strtab = info.sechdrs[info.index.str]?.sh_offset ?? 0;
  return 0;
}

/** find_pcpusec(): before 2.6.34 the section had another name. */
function findPcpu({ info, features }: Load): number {
  return findSec(info, features.rows.has('dottedPercpu') ? '.data..percpu' : '.data.percpu');
}

/** 6.12 counts only sections with bytes in the file; -1 when there are several. */
function findModinfo(load: Load, unique: boolean): number {
  if (!unique) return findSec(load.info, '.modinfo');
  if (load.features.elfChecks === 'cached') return findAnyUniqueSec(load.info, '.modinfo');
  const found = sectionsWithContents(load, '.modinfo');
  return found.length > 1 ? -1 : (found[0]?.index ?? 0);
}

function findSymtab(load: Load, shown: string): Errno {
  const { info, features } = load;
  const symtabs = info.sechdrs.filter(section => section.index > 0 && section.sh_type === SHT_SYMTAB);
  const unique = features.elfChecks === 'unique-sections' || features.elfChecks === 'cached';
  // Of several the last one counts before 2.6.36.
  const symtab = features.rows.has('loadInfo') ? symtabs[0] : symtabs.at(-1);
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
  if (!load.features.rows.has('stringTableTypes') || strtab.sh_type === SHT_STRTAB) return 0;
  return invalid(load, 'strtab-type', strtab.sh_type);
}

const THIS_MODULE = '.gnu.linkonce.this_module';

function findThisModule(load: Load, shown: string): Errno {
  const { info, features } = load;
  const { elfChecks } = features;
  if (elfChecks === 'cached') info.index.mod = Math.max(0, findAnyUniqueSec(info, THIS_MODULE));
  else if (elfChecks === 'unique-sections') {
    const found = sectionsWithContents(load, THIS_MODULE);
    info.index.mod = found.length === 1 ? (found[0]?.index ?? 0) : 0;
  } else info.index.mod = findSec(info, THIS_MODULE);
  const section = info.sechdrs[info.index.mod];
  if (info.index.mod === 0 || !section) {
    if (elfChecks === 'cached') return missing(load, 'this-module-exactly-one', shown);
    if (elfChecks === 'unique-sections') return missing(load, 'this-module-unique', shown);
    // Up to 4.16 the module has no name yet.
    return missing(load, shown === '' ? 'no-module-nameless' : 'no-module', shown);
  }
  const odd = checkStructModule(load, section, shown);
  if (odd === 0) {
    noteStructModule(load, section);
    believeStructModule(load, section);
  }
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

/** What was found, for those who look on. */
function narrate({ info }: Load, observer: LoadObserver): void {
  const { index } = info;
  const at = (found: number): string | Note => {
    const section = info.sechdrs[found];
    return found > 0 && section
      ? `[${found}] ${sectionName(info, section)}, ${section.sh_size} bytes`
      : note('not-there');
  };
  observer.checked('name', info.name);
  observer.checked('.modinfo', at(index.info));
  observer.checked(note('symbol-table'), at(index.sym), '', index.sym > 0);
  observer.checked(note('string-table'), at(index.str));
  observer.checked('.gnu.linkonce.this_module', at(index.mod), '', index.mod > 0);
  observer.checked(note('symbol-versions'), at(index.versExtCrc > 0 ? index.versExtCrc : index.vers));
  observer.checked(note('per-cpu'), at(index.pcpu));
}
