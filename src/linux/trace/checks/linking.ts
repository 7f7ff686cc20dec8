// Linking: export tables, undefined symbols, relocations, and what the relocated memory then says.
import { hexCrc } from '../../../formats/bytes/hex';
import { note } from '../../../findings/notes';
import { SHF_ALLOC, SHT_REL, SHT_RELA } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { findSec, infoValues, sectionName } from '../../kernel/module/loadInfo';
import { isRefusing } from '../../kernel/module/symbolStatus';
import type { Load } from '../../kernel/module/types';
import type { Check } from '../types';
import { bytes, check, crc, yesNo } from './check';

/** check_export_symbol_versions() and its other names */
export function exportTables({ info, features }: Load): Check[] {
  return features.exportTables.flatMap(table => {
    const symbols = info.sechdrs[findSec(info, `__ksymtab${table}`)];
    if (!symbols || symbols.index === 0) return [];
    const crcs = findSec(info, `__kcrctab${table}`) !== 0;
    const needed = features.modversions && symbols.sh_size > 0;
    return [
      check(
        `__ksymtab${table}`,
        bytes(symbols.sh_size),
        crcs ? note('with-crcs') : note('without-crcs'),
        needed ? crcs : null,
      ),
    ];
  });
}

/** setup_modinfo() */
export function modinfoFields({ info, features }: Load): Check[] {
  const namespaces = infoValues(info, 'import_ns');
  return [
    check('version', infoValues(info, 'version')[0] ?? note('none')),
    check('srcversion', infoValues(info, 'srcversion')[0] ?? note('none')),
    ...namespaces.map(name =>
      check('import_ns', name, '', features.moduleNamespaces ? !name.startsWith('module:') : null),
    ),
  ];
}

/** Symbols listed one by one; the others are counted, and are all in the table of symbols. */
const MOST_LISTED = 200;

/** simplify_symbols(): what could not be used comes first. */
export function undefinedSymbols({ symbols }: Load): Check[] {
  const bad = symbols.filter(({ status }) => isRefusing(status));
  const good = symbols.filter(({ status }) => !isRefusing(status));
  const listed = [...bad, ...good].slice(0, MOST_LISTED);
  return [
    check(
      note('undefined-symbols'),
      symbols.length,
      note('resolved', { good: good.length, bad: bad.length }),
      bad.length === 0,
    ),
    ...listed.map(({ name, owner, wanted, found, status }) =>
      check(
        name,
        note('crc', { crc: crc(wanted) }),
        owner === null ? status : `${owner}, CRC ${hexCrc(found) ?? 'none'}${status === 'ok' ? '' : `: ${status}`}`,
        !isRefusing(status),
      ),
    ),
  ];
}

/** apply_relocations() */
export function relocationSections({ info, features }: Load): Check[] {
  const { rel, rela } = structSizes(features.is64);
  return info.sechdrs.flatMap(section => {
    const target = info.sechdrs[section.sh_info];
    const isTable = section.sh_type === SHT_RELA || section.sh_type === SHT_REL;
    if (!isTable || !target || !(target.sh_flags & SHF_ALLOC)) return [];
    const count = Math.floor(section.sh_size / (section.sh_type === SHT_RELA ? rela : rel));
    return [
      check(
        sectionName(info, section),
        note('relocations', { count }),
        note('of', { section: sectionName(info, target) }),
      ),
    ];
  });
}

/** post_relocation() and what the kernel reads once memory is as it will be. */
export function relocatedModule({ mod }: Load): Check[] {
  return [
    check('init', mod.hasInit ? note('set') : note('not-set')),
    check(
      'exit',
      mod.hasExit ? note('set') : note('not-set'),
      mod.hasExit || !mod.hasInit ? '' : note('not-removable'),
    ),
    check('parameters', mod.params.length),
  ];
}

/** complete_formation() */
export function exportedSymbols({ mod }: Load): Check[] {
  return mod.exports.flatMap(({ table, entries }) =>
    entries.map(entry =>
      check(
        `__ksymtab${table}: ${entry.name}`,
        note('crc', { crc: crc(entry.crc) }),
        note('gpl-only', { answer: yesNo(entry.gplOnly) }),
      ),
    ),
  );
}
