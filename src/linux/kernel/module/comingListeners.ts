// What hears of a module that comes, and what each takes from it. ftrace and livepatch are called first, then the chain of
// notifiers in the order of their priority: jump labels have 1, the others 0 (prepare_coming_module(), kernel/module/main.c).
import { note, type PlainNote } from '../../../findings/notes';
import { findAnySec } from './loadInfo';
import type { Load } from './types';

interface Listener {
  readonly name: string;
  /** The option of the configuration that brings it. */
  readonly config: string;
  /** What it reads of the module; null for one that looks at its name. */
  readonly section: string | null;
  readonly does: PlainNote;
}

const LISTENERS: readonly Listener[] = [
  { name: 'ftrace_module_enable', config: 'DYNAMIC_FTRACE', section: '__mcount_loc', does: 'hears-ftrace' },
  { name: 'klp_module_coming', config: 'LIVEPATCH', section: null, does: 'hears-livepatch' },
  { name: 'jump_label_module_notify', config: 'JUMP_LABEL', section: '__jump_table', does: 'hears-jump-labels' },
  {
    name: 'static_call_module_notify',
    config: 'HAVE_STATIC_CALL_INLINE',
    section: '.static_call_sites',
    does: 'hears-static-calls',
  },
  { name: 'tracepoint_module_notify', config: 'TRACEPOINTS', section: '__tracepoints_ptrs', does: 'hears-tracepoints' },
  { name: 'trace_module_notify', config: 'EVENT_TRACING', section: '_ftrace_events', does: 'hears-events' },
  {
    name: 'module_trace_bprintk_format_notify',
    config: 'TRACING',
    section: '__trace_printk_fmt',
    does: 'hears-trace-printk',
  },
  { name: 'btf_module_notify', config: 'DEBUG_INFO_BTF_MODULES', section: '.BTF', does: 'hears-btf' },
  { name: 'bpf_event_notify', config: 'BPF_EVENTS', section: '__bpf_raw_tp_map', does: 'hears-raw-tracepoints' },
  { name: 'srcu_module_notify', config: 'TREE_SRCU', section: '___srcu_struct_ptrs', does: 'hears-srcu' },
  { name: 'kprobes_module_callback', config: 'KPROBES', section: '_kprobe_blacklist', does: 'hears-kprobes' },
  { name: 'kunit_module_notify', config: 'KUNIT', section: '.kunit_test_suites', does: 'hears-kunit' },
];

/** Tells an observer who hears of the module; `refusedBy` is the listener that refused it, after which no other is asked. */
export function tellListeners({ observer, facts, info }: Load, refusedBy: string | null): void {
  if (!observer) return;
  for (const { name, config, section, does } of LISTENERS) {
    if (facts.config[config] === undefined) continue;
    const found = section === null ? undefined : info.sechdrs[findAnySec(info, section)];
    const value = section === null ? '' : note('section-bytes', { section, count: found?.index ? found.sh_size : 0 });
    observer.checked(name, value, { id: does, facts: {} }, name === refusedBy ? false : null);
    if (name === refusedBy) return;
  }
}
