// prepare_coming_module(): others hear of the module before its code runs. BTF may refuse it here.
import { badTaintForEvents } from '../../../findings/badTaintForEvents';
import { livepatchModuleName } from '../../../findings/livepatchModuleName';
import { btfModuleNotify } from '../bpf/btfModuleNotify';
import { EINVAL } from '../../errno';
import { staticCallModuleNotify } from '../staticCallInline';
import { tellListeners } from './comingListeners';
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
  for (const [listener, hear] of ABLE_TO_REFUSE) {
    const errno = hear(load);
    if (errno === 0) continue;
    tellListeners(load, listener);
    return errno;
  }
  tellListeners(load, null);
  return 0;
}

/** Those that look at what is in the module; others only run out of memory. In the order in which they hear of it. */
const ABLE_TO_REFUSE: readonly (readonly [name: string, hear: (load: Load) => Errno])[] = [
  ['klp_module_coming', klpModuleComing],
  ['static_call_module_notify', staticCallModuleNotify],
  ['trace_module_notify', traceModuleNotify],
  ['btf_module_notify', btfModuleNotify],
];

/** It keeps the name for what is not a module. */
function klpModuleComing(load: Load): Errno {
  if (!load.features.livepatch || load.mod.name !== 'vmlinux') return 0;
  load.report(livepatchModuleName, {});
  return EINVAL;
}

/** kernel/trace/trace_events.c, trace_module_add_events() */
function traceModuleNotify(load: Load): Errno {
  const events = load.info.sechdrs[findSec(load.info, '_ftrace_events')];
  if (!events || events.index === 0 || events.sh_size < 8) return 0;
  if (load.mod.taints & ~HARMLESS) load.report(badTaintForEvents, { module: load.mod.name });
  return 0;
}
