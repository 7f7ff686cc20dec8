// prepare_coming_module(): others hear of the module before its code runs. BTF may refuse it here.
import { note } from '../../../findings/notes';
import { btfMismatch } from '../../../findings/btfMismatch';
import { badTaintForEvents } from '../../../findings/badTaintForEvents';
import { validateBaseBtf, validateSplitBtf, type BtfVerdict } from '../../../formats/btf/btfSplit';
import type { Features } from '../../features';
import type { KernelFacts } from '../../../target/types';
import { livepatchModuleName } from '../../../findings/livepatchModuleName';
import { EINVAL } from '../../errno';
import { findAnySec, findSec, sectionBytes } from './loadInfo';
import { TAINT_CRAP, TAINT_LIVEPATCH, TAINT_OOT_MODULE, TAINT_TEST, TAINT_UNSIGNED_MODULE } from './taints';
import type { Errno, Load } from './types';

/** Taints that trace_module_has_bad_taint() forgives. */
const HARMLESS =
  (1 << TAINT_OOT_MODULE) |
  (1 << TAINT_CRAP) |
  (1 << TAINT_UNSIGNED_MODULE) |
  (1 << TAINT_LIVEPATCH) |
  (1 << TAINT_TEST);

export function prepareComingModule(load: Load): Errno {
  // klp_module_coming() keeps the name for what is not a module.
  if (load.features.livepatch && load.mod.name === 'vmlinux') {
    load.report(livepatchModuleName, {});
    return EINVAL;
  }
  traceModuleNotify(load);
  return btfModuleNotify(load);
}

/** kernel/trace/trace_events.c, trace_module_add_events() */
function traceModuleNotify(load: Load): void {
  const events = load.info.sechdrs[findSec(load.info, '_ftrace_events')];
  if (!events || events.index === 0 || events.sh_size < 8) return;
  if (load.mod.taints & ~HARMLESS) load.report(badTaintForEvents, { module: load.mod.name });
}

const BTF_UNKNOWN = note('btf-unknown');

/** kernel/bpf/btf.c, btf_module_notify() */
function btfModuleNotify(load: Load): Errno {
  const { info, features } = load;
  if (!features.btfModules) return 0;
  const btf = sectionBytes(info, findAnySec(info, '.BTF'));
  if (btf.length === 0) return 0;
  load.observer?.checked('.BTF', note('bytes', { count: btf.length }));
  const { errno, complaint, complete } = validateBtf(load, btf);
  if (!complete) load.notChecked(BTF_UNKNOWN);
  if (errno === 0) return 0;
  load.report(btfMismatch, {
    module: load.mod.name,
    errno,
    complaint: complaint ?? '',
    allowed: features.btfMismatchAllowed,
    toleratedOnce: features.btfMismatchToldOnce,
    toldBefore: load.machine.printed.has('btf-mismatch'),
  });
  load.machine.printed.add('btf-mismatch');
  return features.btfMismatchAllowed ? 0 : errno;
}

function validateBtf({ info, features, facts }: Load, btf: Uint8Array): BtfVerdict {
  const index = findAnySec(info, '.BTF.base');
  return validateModuleBtf(features, facts, btf, index === 0 ? null : sectionBytes(info, index));
}

/**
 * btf_parse_module(): types a module brings along in .BTF.base stand in for those of vmlinux.
 * @param base contents of .BTF.base; null without that section
 */
function validateModuleBtf(
  features: Features,
  facts: KernelFacts,
  btf: Uint8Array,
  base: Uint8Array | null,
): BtfVerdict {
  const format = { layoutSection: features.btfLayoutSection, littleEndian: features.littleEndian };
  if (base === null || !features.btfBase) return validateSplitBtf(btf, facts.btf?.bytes ?? null, format);
  const verdict = validateBaseBtf(base, format);
  return verdict.errno === 0 ? validateSplitBtf(btf, base, format) : verdict;
}
