// The checks between ELF validity and memory: blacklist, section headers, module_layout, .modinfo, the name.
import { SHF_ALLOC } from '../../../formats/elf/constants';
import { alreadyLoaded } from '../../../findings/alreadyLoaded';
import { blacklisted } from '../../../findings/blacklisted';
import { livepatchUnsupported } from '../../../findings/livepatchUnsupported';
import { noVermagic } from '../../../findings/noVermagic';
import { vermagic } from '../../../findings/vermagic';
import { MODULE_INIT_IGNORE_VERMAGIC } from './elfValidityCheck';
import { EBUSY, EEXIST, ENOEXEC, EPERM } from '../../errno';
import { tryToForceLoad } from './forceLoad';
import { getInfo } from './loadInfo';
import type { Errno, Load } from './types';
import { checkVersion, wantedCrc } from './version';

/** blacklisted(): module_blacklist= compares info->name exactly. */
export function checkBlacklist(load: Load): Errno {
  const list = load.machine.boot.blacklist;
  if (!load.features.moduleBlacklist) load.skip('this kernel knows no module_blacklist=');
  if (list === null || !load.features.moduleBlacklist) return 0;
  if (!list.split(',').includes(load.info.name)) return 0;
  load.report(blacklisted, { module: load.info.name });
  return EPERM;
}

/** rewrite_section_headers(): sh_addr points into the copy; .modinfo and version tables stay out of module memory. */
export function rewriteSectionHeaders(load: Load): Errno {
  const { info } = load;
  const { temporaryCopy } = load.arch.addresses;
  for (const section of info.sechdrs)
    if (section.index === 0) section.moveTo(0n, 0);
    else section.moveTo(temporaryCopy, section.sh_offset);
  const { vers, versExtCrc, versExtName, info: modinfo } = info.index;
  for (const index of [vers, versExtCrc, versExtName, modinfo]) {
    const section = info.sechdrs[index];
    if (section) section.sh_flags &= ~SHF_ALLOC;
  }
  return 0;
}

/** check_modstruct_version(): the types the loader and the module share must be the same. */
export function checkModstructVersion(load: Load): Errno {
  if (!load.features.modversions) {
    load.skip('CONFIG_MODVERSIONS is off: symbol versions do not exist');
    return 0;
  }
  const symbol = load.machine.kernel.names.addName('module_layout');
  const found = load.machine.kernel.findExportById(symbol);
  if (!found) {
    load.notChecked('the target lists no symbol module_layout');
    return 0;
  }
  if (found.crc !== null && wantedCrc(load, symbol) === found.crc) load.vouched = true;
  return checkVersion(load, symbol, found.crc, 'vmlinux') ? 0 : ENOEXEC;
}

/** check_modinfo(), the part every kernel does here: vermagic. */
export function checkVermagic(load: Load): Errno {
  const { info, facts, options, features } = load;
  const magic = options.flags & MODULE_INIT_IGNORE_VERMAGIC ? null : getInfo(info, 'vermagic');
  if (magic === null) {
    load.report(noVermagic, { module: load.mod.name, forceLoad: features.forceLoad });
    return tryToForceLoad(load, 'bad vermagic');
  }
  // same_magic(): with a version table the release, up to the first space, does not count.
  const hasCrcs = info.index.vers !== 0 && features.modversions;
  const compared = (text: string): string => (hasCrcs ? text.slice(firstSpace(text)) : text);
  if (compared(magic) === compared(facts.vermagic)) {
    if (!hasCrcs) load.vouched = true;
    if (magic !== facts.vermagic)
      load.note('the release differs; it does not count because the module carries symbol versions');
    return 0;
  }
  load.report(vermagic, { module: info.name, theirs: magic, ours: facts.vermagic, releaseCounts: !hasCrcs });
  return ENOEXEC;
}

function firstSpace(text: string): number {
  const space = text.indexOf(' ');
  return space < 0 ? text.length : space;
}

/** check_modinfo_livepatch(): only whether the kernel can; the taint comes elsewhere. */
export function checkLivepatch(load: Load): Errno {
  if (getInfo(load.info, 'livepatch') === null) return 0;
  if (!load.features.livepatch) {
    load.report(livepatchUnsupported, { module: load.mod.name });
    return ENOEXEC;
  }
  load.mod.isLivepatch = true;
  return 0;
}

/** module_patient_check_exists() and the same test in add_unformed_module(): silent, the name is taken. */
export function checkExists(load: Load): Errno {
  const old = load.machine.modules.find(module => module.name === load.mod.name);
  if (!old) return 0;
  const errno = old.state === 'live' ? EEXIST : EBUSY;
  load.report(alreadyLoaded, { module: load.mod.name, live: old.state === 'live' });
  return errno;
}
