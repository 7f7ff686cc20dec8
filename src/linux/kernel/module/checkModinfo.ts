// check_modinfo(): vermagic; up to 6.5 also the taints, before anyone knows whether the name is taken.
import { note } from '../../../findings/notes';
import { livepatchUnsupported } from '../../../findings/livepatchUnsupported';
import { noVermagic } from '../../../findings/noVermagic';
import { vermagic } from '../../../findings/vermagic';
import { ENOEXEC } from '../../errno';
import { MODULE_INIT_IGNORE_VERMAGIC } from './initFlags';
import { getInfo } from './loadInfo';
import { taintsAfterLivepatch, taintsBeforeLivepatch } from './moduleAugmentKernelTaints';
import { tryToForceLoad } from './tryToForceLoad';
import type { Errno, Load } from './types';

export function checkModinfo(load: Load): Errno {
  const magic = checkVermagic(load);
  if (magic === 0 && !load.vouched) load.leaveUnchecked(note('struct-module-unvouched'));
  if (magic !== 0 || load.features.earlyExistsCheck) return magic || checkModinfoLivepatch(load);
  taintsBeforeLivepatch(load);
  // Up to 2.6.35 the license is looked at once the module has memory.
  if (!load.features.rows.has('loadInfo')) return 0;
  const livepatch = checkModinfoLivepatch(load);
  if (livepatch === 0) taintsAfterLivepatch(load);
  return livepatch;
}

function checkVermagic(load: Load): Errno {
  const { info, facts, options, features } = load;
  const magic = options.flags & MODULE_INIT_IGNORE_VERMAGIC ? null : getInfo(info, 'vermagic');
  if (magic === null) {
    load.observer?.checked('vermagic', note('none'), facts.vermagic);
    load.report(noVermagic, { module: load.mod.name, forceLoad: features.forceLoad });
    return tryToForceLoad(load, 'bad vermagic');
  }
  if (facts.vermagic === '') {
    load.notChecked(note('vermagic-unknown'));
    return 0;
  }
  const hasCrcs = info.index.vers !== 0 && features.modversions;
  if (facts.profile) load.notChecked(note(facts.profile.isSame ? 'profile-vermagic' : 'profile-release'));
  const same = sameMagic(magic, facts.vermagic, hasCrcs);
  const what = hasCrcs ? note('vermagic-rest') : 'vermagic';
  load.observer?.checked(what, magic, facts.vermagic, same);
  if (!same) {
    load.report(vermagic, { module: info.name, theirs: magic, ours: facts.vermagic, releaseCounts: !hasCrcs });
    return ENOEXEC;
  }
  if (!hasCrcs) load.vouched = true;
  if (magic !== facts.vermagic) load.note(note('release-not-compared'));
  return 0;
}

/** same_magic() (kernel/module/version.c): with a version table the release, up to the first space, does not count. */
function sameMagic(theirs: string, ours: string, hasCrcs: boolean): boolean {
  return hasCrcs ? theirs.slice(firstSpace(theirs)) === ours.slice(firstSpace(ours)) : theirs === ours;
}

function firstSpace(text: string): number {
  const space = text.indexOf(' ');
  return space < 0 ? text.length : space;
}

/** check_modinfo_livepatch(): only whether the kernel can; the taint comes elsewhere. */
function checkModinfoLivepatch(load: Load): Errno {
  const isLivepatch = load.features.rows.has('livepatchTaint') && getInfo(load.info, 'livepatch') !== null;
  const passes = !isLivepatch || load.features.livepatch;
  load.observer?.checked('livepatch', isLivepatch ? note('yes') : note('no'), '', passes ? null : false);
  if (!passes) {
    load.report(livepatchUnsupported, { module: load.mod.name });
    return ENOEXEC;
  }
  if (isLivepatch) load.mod.isLivepatch = true;
  return 0;
}
