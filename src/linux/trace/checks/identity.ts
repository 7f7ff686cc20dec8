// Whether this module belongs to this kernel: blacklist, module_layout, vermagic, what it says of itself, its name.
import { isGplCompatible } from '../../kernel/module/license';
import { MODULE_INIT_IGNORE_VERMAGIC } from '../../kernel/module/elfValidityCheck';
import { getInfo, sectionName } from '../../kernel/module/loadInfo';
import type { Load } from '../../kernel/module/types';
import { wantedCrc } from '../../kernel/module/version';
import type { Check } from '../types';
import { check, crc, hex, yesNo } from './check';

/** blacklisted() */
export function blacklist({ info, machine }: Load): Check[] {
  const list = machine.boot.blacklist;
  return [
    check('name', info.name, `module_blacklist=${list ?? ''}`, list === null || !list.split(',').includes(info.name)),
  ];
}

/** rewrite_section_headers() */
export function rewrittenHeaders({ info }: Load): Check[] {
  const { vers, versExtCrc, versExtName, info: modinfo } = info.index;
  const kept = [vers, versExtCrc, versExtName, modinfo].filter(index => index > 0);
  return kept.flatMap(index => {
    const section = info.sechdrs[index];
    return section
      ? [check(`sh_flags of ${sectionName(info, section)}`, hex(section.sh_flags), 'SHF_ALLOC taken away')]
      : [];
  });
}

/** check_modstruct_version() */
export function modstructVersion(load: Load): Check[] {
  const found = load.features.modversions ? load.machine.kernel.findExport('module_layout') : null;
  if (!found) return [];
  const wanted = wantedCrc(load, load.machine.kernel.names.addName('module_layout'));
  return [check('CRC of module_layout', crc(wanted), crc(found.crc), found.crc === null ? null : wanted === found.crc)];
}

/** check_modinfo() */
export function modinfo(load: Load): Check[] {
  const { info, facts, options, features } = load;
  const magic = options.flags & MODULE_INIT_IGNORE_VERMAGIC ? null : getInfo(info, 'vermagic');
  const hasCrcs = info.index.vers !== 0 && features.modversions;
  const counted = (text: string): string => (hasCrcs ? text.slice((text + ' ').indexOf(' ')) : text);
  return [
    check(
      hasCrcs ? 'vermagic, from the first space on' : 'vermagic',
      magic ?? 'none',
      facts.vermagic,
      magic === null ? null : counted(magic) === counted(facts.vermagic),
    ),
    check('livepatch', yesNo(getInfo(info, 'livepatch') !== null)),
    ...(features.earlyExistsCheck ? [] : tainting(load)),
  ];
}

/** What brings a taint when it is as it is. */
export function tainting({ info, features, machine }: Load): Check[] {
  const license = getInfo(info, 'license');
  return [
    check('intree', yesNo(getInfo(info, 'intree') !== null)),
    ...(features.retpoline && !machine.boot.spectreV2Off
      ? [check('retpoline', yesNo(getInfo(info, 'retpoline') !== null))]
      : []),
    check('staging', yesNo(getInfo(info, 'staging') !== null)),
    check('license', license ?? 'none', isGplCompatible(license) ? 'GPL-compatible' : 'not GPL-compatible'),
    check('signature verified', yesNo(info.sigOk)),
  ];
}

/** module_patient_check_exists(), add_unformed_module() */
export function nameTaken({ mod, machine }: Load): Check[] {
  const others = machine.modules.filter(other => other !== mod);
  const taken = others.some(({ name }) => name === mod.name);
  const list = others.map(({ name }) => name).join(', ');
  return [check('name', mod.name, list === '' ? 'no module is loaded' : `loaded: ${list}`, !taken)];
}
