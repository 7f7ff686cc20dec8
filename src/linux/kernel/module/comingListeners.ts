// What hears of a module that comes, and what each takes from it. ftrace and livepatch are called first, then the chain of
// notifiers in the order of their priority: jump labels have 1, the others 0 (prepare_coming_module(), kernel/module/main.c).
import { badTaintForEvents } from '../../../findings/badTaintForEvents';
import { livepatchModuleName } from '../../../findings/livepatchModuleName';
import type { PlainNote } from '../../../findings/notes';
import { EINVAL } from '../../errno';
import { btfModuleNotify } from '../bpf/btfModuleNotify';
import { staticCallModuleNotify } from '../staticCallInline';
import { findSec } from './loadInfo';
import { TAINT_CRAP, TAINT_LIVEPATCH, TAINT_OOT_MODULE, TAINT_TEST, TAINT_UNSIGNED_MODULE } from './taints';
import type { Errno, Load } from './types';

export interface Listener {
  readonly name: string;
  /** The option of the configuration that brings it. */
  readonly config: string;
  /** What it reads of the module; null for one that looks at its name. */
  readonly section: string | null;
  readonly does: PlainNote;
  /** What it checks or prints; left out for those that only run out of memory. */
  readonly hear?: (load: Load) => Errno;
}

export const LISTENERS: readonly Listener[] = [
  { name: 'ftrace_module_enable', config: 'DYNAMIC_FTRACE', section: '__mcount_loc', does: 'hears-ftrace' },
  { name: 'klp_module_coming', config: 'LIVEPATCH', section: null, does: 'hears-livepatch', hear: klpModuleComing },
  { name: 'jump_label_module_notify', config: 'JUMP_LABEL', section: '__jump_table', does: 'hears-jump-labels' },
  {
    name: 'static_call_module_notify',
    config: 'HAVE_STATIC_CALL_INLINE',
    section: '.static_call_sites',
    does: 'hears-static-calls',
    hear: staticCallModuleNotify,
  },
  { name: 'tracepoint_module_notify', config: 'TRACEPOINTS', section: '__tracepoints_ptrs', does: 'hears-tracepoints' },
  {
    name: 'trace_module_notify',
    config: 'EVENT_TRACING',
    section: '_ftrace_events',
    does: 'hears-events',
    hear: traceModuleNotify,
  },
  {
    name: 'module_trace_bprintk_format_notify',
    config: 'TRACING',
    section: '__trace_printk_fmt',
    does: 'hears-trace-printk',
  },
  {
    name: 'btf_module_notify',
    config: 'DEBUG_INFO_BTF_MODULES',
    section: '.BTF',
    does: 'hears-btf',
    hear: btfModuleNotify,
  },
  { name: 'bpf_event_notify', config: 'BPF_EVENTS', section: '__bpf_raw_tp_map', does: 'hears-raw-tracepoints' },
  { name: 'srcu_module_notify', config: 'TREE_SRCU', section: '___srcu_struct_ptrs', does: 'hears-srcu' },
  { name: 'kprobes_module_callback', config: 'KPROBES', section: '_kprobe_blacklist', does: 'hears-kprobes' },
  { name: 'kunit_module_notify', config: 'KUNIT', section: '.kunit_test_suites', does: 'hears-kunit' },
];

/** It keeps the name for what is not a module. */
function klpModuleComing(load: Load): Errno {
  if (!load.features.livepatch || load.mod.name !== 'vmlinux') return 0;
  load.report(livepatchModuleName, {});
  return EINVAL;
}

/** Taints that trace_module_has_bad_taint() forgives. */
const HARMLESS =
  (1 << TAINT_OOT_MODULE) |
  (1 << TAINT_CRAP) |
  (1 << TAINT_UNSIGNED_MODULE) |
  (1 << TAINT_LIVEPATCH) |
  (1 << TAINT_TEST);

/** kernel/trace/trace_events.c, trace_module_add_events() */
function traceModuleNotify(load: Load): Errno {
  const events = load.info.sechdrs[findSec(load.info, '_ftrace_events')];
  if (!events || events.index === 0 || events.sh_size < 8) return 0;
  if (load.mod.taints & ~HARMLESS) load.report(badTaintForEvents, { module: load.mod.name });
  return 0;
}
