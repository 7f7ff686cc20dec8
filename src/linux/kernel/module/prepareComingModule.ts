// prepare_coming_module(): others hear of the module before its code runs. BTF may refuse it here.
import { badTaintForEvents } from '../../../findings/badTaintForEvents';
import { livepatchModuleName } from '../../../findings/livepatchModuleName';
import { btfModuleNotify } from '../bpf/btfModuleNotify';
import { EINVAL } from '../../errno';
import { staticCallModuleNotify } from '../staticCallInline';
import { findSec } from './loadInfo';
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
  const errno = staticCallModuleNotify(load);
  if (errno !== 0) return errno;
  traceModuleNotify(load);
  return btfModuleNotify(load);
}

/** kernel/trace/trace_events.c, trace_module_add_events() */
function traceModuleNotify(load: Load): void {
  const events = load.info.sechdrs[findSec(load.info, '_ftrace_events')];
  if (!events || events.index === 0 || events.sh_size < 8) return;
  if (load.mod.taints & ~HARMLESS) load.report(badTaintForEvents, { module: load.mod.name });
}
