// Which taints a module brings, in the order the kernel says so: check_modinfo() and load_module() up to 6.5,
// module_augment_kernel_taints() after.
import { note, type Note } from '../../../findings/notes';
import { taintNotice } from '../../../findings/taintNotice';
import type { TaintKind } from '../../../findings/taintNotice';
import { isGplCompatible, isProprietaryByName } from './license';
import { getInfo } from './loadInfo';
import {
  addTaint,
  addTaintModule,
  kernelTainted,
  TAINT_CRAP,
  TAINT_FORCED_MODULE,
  TAINT_LIVEPATCH,
  TAINT_OOT_MODULE,
  TAINT_PROPRIETARY_MODULE,
  TAINT_TEST,
  TAINT_UNSIGNED_MODULE,
} from './taints';
import type { Load } from './types';

function say(load: Load, kind: TaintKind, detail = ''): void {
  load.report(taintNotice, { module: load.mod.name, kind, detail });
}

/** Out of tree, retpoline, staging. */
export function taintsBeforeLivepatch(load: Load): void {
  const { info, mod, features, observer } = load;
  const has = (tag: string): Note => (getInfo(info, tag) === null ? note('no') : note('yes'));
  observer?.checked('intree', has('intree'));
  if (features.retpoline && !load.machine.boot.spectreV2Off) observer?.checked('retpoline', has('retpoline'));
  observer?.checked('staging', has('staging'));
  const { rows } = features;
  if (rows.has('outOfTreeTaint') && getInfo(info, 'intree') === null) {
    if (rows.has('outOfTreeLine') && !kernelTainted(load, TAINT_OOT_MODULE)) say(load, 'out-of-tree');
    addTaintModule(load, mod, TAINT_OOT_MODULE);
  }
  if (features.retpoline && !load.machine.boot.spectreV2Off && getInfo(info, 'retpoline') === null)
    say(load, 'retpoline');
  if (rows.has('stagingTaint') && getInfo(info, 'staging') !== null) {
    addTaintModule(load, mod, TAINT_CRAP);
    say(load, 'staging');
  }
}

/** Livepatch itself, license, test modules. */
export function taintsAfterLivepatch(load: Load): void {
  const { info, mod, features } = load;
  if (mod.isLivepatch && features.rows.has('livepatchTaint')) {
    addTaintModule(load, mod, TAINT_LIVEPATCH);
    say(load, 'livepatch');
  }
  const license = getInfo(info, 'license') ?? 'unspecified';
  const compatible = isGplCompatible(license);
  load.observer?.checked('license', license, compatible ? note('gpl') : note('not-gpl'));
  if (!compatible) {
    if (!kernelTainted(load, TAINT_PROPRIETARY_MODULE)) say(load, 'license', license);
    addTaintModule(load, mod, TAINT_PROPRIETARY_MODULE);
  }
  if (features.testTaint && getInfo(info, 'test') !== null) {
    if (!kernelTainted(load, TAINT_TEST)) say(load, 'test');
    addTaintModule(load, mod, TAINT_TEST);
  }
}

/** The E taint of kernels that check signatures. */
export function taintUnsigned(load: Load): void {
  load.observer?.checked(note('signature-verified'), load.info.sigOk ? note('yes') : note('no'));
  if (!load.features.moduleSig || load.info.sigOk) return;
  const { rows } = load.features;
  if (rows.has('unsignedLine')) say(load, rows.has('unsignedLineSpaced') ? 'unsigned' : 'unsigned-two-spaces');
  if (rows.has('unsignedTaint')) addTaintModule(load, load.mod, TAINT_UNSIGNED_MODULE);
  // F as if it was forced; since 3.9 lock debugging goes on all the same.
  else addTaintModule(load, load.mod, TAINT_FORCED_MODULE, rows.has('unsignedLine'));
}

/** Modules known by name to be or to load proprietary code; `before` is whether the kernel had P at the sample point. */
export function taintByName(load: Load, before: boolean): void {
  const { name } = load.mod;
  // ndiswrapper itself is GPL and needs GPL-only symbols, so only the kernel is tainted.
  if (name === 'ndiswrapper') addTaint(load, TAINT_PROPRIETARY_MODULE);
  const { rows } = load.features;
  if (isProprietaryByName(name, rows.has('lveIsProprietary'))) addTaintModule(load, load.mod, TAINT_PROPRIETARY_MODULE);
  if (rows.has('lateLicenseLine') && !before && kernelTainted(load, TAINT_PROPRIETARY_MODULE))
    say(load, 'license-late');
}

/** module_augment_kernel_taints(): all of them at once, after the module is in the list. */
export function augmentKernelTaints(load: Load): void {
  const before = kernelTainted(load, TAINT_PROPRIETARY_MODULE);
  taintsBeforeLivepatch(load);
  taintsAfterLivepatch(load);
  taintUnsigned(load);
  taintByName(load, before);
}
