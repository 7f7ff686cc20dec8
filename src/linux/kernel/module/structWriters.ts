// What load_module() writes into struct module, stage by stage (kernel/module/main.c). Members that a kernel does not have are
// left out by who takes the writes, so that one list serves every generation.
import { findAnySec, findSec, getInfo } from './loadInfo';
import { REGION_TYPES, type Region } from './regions';
import type { Load, LoadedSection } from './types';

/** Takes writes; a member is named by its path, such as `mem.0.base`. */
export interface StructSink {
  /** A pointer that is set; null stands for an address that only a running kernel knows. */
  address(path: string, value: bigint | null): void;
  number(path: string, value: number): void;
  /** How many things of the size that a pointer points to fit into `bytes`. */
  count(path: string, bytes: number, pointer: string): void;
  /** A pointer to another member of the same structure. */
  within(path: string, member: string): void;
  /** Something is set to what depends on all loaded modules. */
  unknown(path: string): void;
  /** A list of struct module_use, by the modules at the other ends. */
  list(path: string, modules: readonly string[]): void;
}

export interface StructWriter {
  /** Stages at whose end it has been written; their names differ between generations. */
  readonly stages: readonly string[];
  /** The function that writes. */
  readonly by: string;
  readonly write: (load: Load, sink: StructSink) => void;
}

/** What find_module_sections() notes of a section: where it is, and how many entries or bytes it holds. */
interface SectionRow {
  readonly section: string;
  readonly start: string;
  readonly count: string | null;
  /** The section is found whatever its flags (any_section_objs()). */
  readonly any?: true;
}

const row = (section: string, start: string, count: string | null = `num_${start}`): SectionRow => ({
  section,
  start,
  count,
});

const SECTIONS: readonly SectionRow[] = [
  row('__param', 'kp'),
  row('__ksymtab', 'syms'),
  row('__kcrctab', 'crcs', null),
  row('__kflagstab', 'flagstab', null),
  row('__ksymtab_gpl', 'gpl_syms'),
  row('__kcrctab_gpl', 'gpl_crcs', null),
  row('__ksymtab_gpl_future', 'gpl_future_syms'),
  row('__kcrctab_gpl_future', 'gpl_future_crcs', null),
  row('__ksymtab_unused', 'unused_syms'),
  row('__kcrctab_unused', 'unused_crcs', null),
  row('__ksymtab_unused_gpl', 'unused_gpl_syms'),
  row('__kcrctab_unused_gpl', 'unused_gpl_crcs', null),
  row('.noinstr.text', 'noinstr_text_start', 'noinstr_text_size'),
  row('__tracepoints_ptrs', 'tracepoints_ptrs', 'num_tracepoints'),
  row('___srcu_struct_ptrs', 'srcu_struct_ptrs', 'num_srcu_structs'),
  row('__bpf_raw_tp_map', 'bpf_raw_events'),
  { ...row('.BTF', 'btf_data', 'btf_data_size'), any: true },
  { ...row('.BTF.base', 'btf_base_data', 'btf_base_data_size'), any: true },
  row('__jump_table', 'jump_entries'),
  row('__trace_printk_fmt', 'trace_bprintk_fmt_start', 'num_trace_bprintk_fmt'),
  row('_ftrace_events', 'trace_events'),
  row('_ftrace_eval_map', 'trace_evals'),
  row('_error_injection_whitelist', 'ei_funcs'),
  row('.kprobes.text', 'kprobes_text_start', 'kprobes_text_size'),
  row('_kprobe_blacklist', 'kprobe_blacklist'),
  row('.printk_index', 'printk_index_start', 'printk_index_size'),
  row('.static_call_sites', 'static_call_sites'),
  row('.kunit_test_suites', 'kunit_suites'),
  row('.kunit_init_test_suites', 'kunit_init_suites'),
  row('__ex_table', 'extable', 'num_exentries'),
  row('__dyndbg', 'dyndbg_info.descs', 'dyndbg_info.num_descs'),
  row('__dyndbg_classes', 'dyndbg_info.classes', 'dyndbg_info.num_classes'),
  // FTRACE_CALLSITE_SECTION of x86.
  row('__mcount_loc', 'ftrace_callsites'),
];

/** MODULE_REF_BASE, and the reference that is held while the module is initialised (module_unload_init()). */
const FIRST_REFERENCES = 2;

/** What is there before relocations are applied. */
export const WRITERS_BEFORE_RELOCATION: readonly StructWriter[] = [
  { stages: ['layout_and_allocate'], by: 'move_module', write: writeMemory },
  { stages: ['add_unformed_module'], by: 'add_unformed_module', write: writeList },
  { stages: ['percpu_modalloc'], by: 'percpu_modalloc', write: writePercpu },
  { stages: ['percpu_modalloc'], by: 'module_unload_init', write: writeReferences },
  { stages: ['find_module_sections'], by: 'find_module_sections', write: writeSections },
  { stages: ['setup_modinfo'], by: 'setup_modinfo', write: writeModinfo },
];

/** What follows. */
const WRITERS_AFTER_RELOCATION: readonly StructWriter[] = [
  { stages: ['list_add'], by: 'load_module', write: writeList },
  { stages: ['simplify_symbols'], by: 'add_module_usage', write: writeUses },
  { stages: ['post_relocation'], by: 'add_kallsyms', write: writeKallsyms },
  { stages: ['complete_formation', 'list_add'], by: 'load_module', write: (_, sink) => sink.address('args', null) },
  { stages: ['mod_sysfs_setup'], by: 'mod_sysfs_setup', write: writeSysfs },
  { stages: ['do_init_module', 'sys_init_module'], by: 'do_init_module', write: writeLive },
];

export const STRUCT_WRITERS: readonly StructWriter[] = [...WRITERS_BEFORE_RELOCATION, ...WRITERS_AFTER_RELOCATION];

/** What several stages may change, as it is now. */
export function writeFlags({ mod, info }: Load, sink: StructSink): void {
  sink.number('taints', mod.taints);
  sink.number('using_gplonly_symbols', Number(mod.usingGplonlySymbols));
  sink.number('sig_ok', Number(info.sigOk));
  sink.number('klp', Number(mod.isLivepatch));
}

/** struct module_layout from 4.5 to 6.3, struct module_memory since, and plain members before. */
function writeMemory({ regions, features }: Load, sink: StructSink): void {
  for (const region of regions) {
    const type = REGION_TYPES.find(each => region.name === `MOD_${each}`);
    const path = type === undefined ? `${region.name}_layout` : `mem.${REGION_TYPES.indexOf(type)}`;
    for (const [name, value] of sizesOf(region)) {
      sink.number(`${path}.${name}`, value);
      if (type === undefined) sink.number(`${region.name}_${name}`, value);
    }
    if (region.size === 0) continue;
    sink.address(`${path}.base`, region.base);
    if (type === undefined) sink.address(`module_${region.name}`, region.base);
    if (type?.endsWith('TEXT')) sink.number(`${path}.is_rox`, Number(features.roxText));
  }
}

function sizesOf({ size, ends }: Region): (readonly [string, number])[] {
  const whole = [['size', size] as const];
  if (!ends) return whole;
  return [...whole, ['text_size', ends.text], ['ro_size', ends.roData], ['ro_after_init_size', ends.readOnly]];
}

/** The list of modules, and the tree of addresses (mod_tree_insert()). */
function writeList({ info, regions, features }: Load, sink: StructSink): void {
  sink.address('list', null);
  const here = info.sechdrs[info.index.mod]?.sh_addr ?? null;
  const trees = features.regionsByType
    ? REGION_TYPES.map((type, i) => ({ path: `mem.${i}`, region: regions.find(({ name }) => name === `MOD_${type}`) }))
    : regions.map(region => ({ path: `${region.name}_layout`, region }));
  for (const { path, region } of trees) {
    sink.address(`${path}.mtn.mod`, here);
    if (region && region.size > 0) sink.unknown(`${path}.mtn.node`);
  }
}

function writePercpu({ percpu }: Load, sink: StructSink): void {
  if (!percpu) return;
  sink.address('percpu', percpu.base);
  sink.number('percpu_size', percpu.size);
}

function writeReferences(_: Load, sink: StructSink): void {
  sink.number('refcnt', FIRST_REFERENCES);
  sink.list('source_list', []);
  sink.list('target_list', []);
  sink.address('param_lock.wait_list', null);
}

function writeModinfo({ info }: Load, sink: StructSink): void {
  for (const name of ['version', 'srcversion']) if (getInfo(info, name) !== null) sink.address(name, null);
}

function writeSections(load: Load, sink: StructSink): void {
  for (const { section: name, start, count, any } of SECTIONS) {
    const section = named(load, name, any);
    if (section) sink.address(start, section.sh_addr);
    else sink.number(start, 0);
    if (count !== null) sink.count(count, section?.sh_size ?? 0, start);
  }
}

function named({ info }: Load, name: string, any = false): LoadedSection | undefined {
  const index = any ? findAnySec(info, name) : findSec(info, name);
  return index === 0 ? undefined : info.sechdrs[index];
}

function writeUses({ mod }: Load, sink: StructSink): void {
  sink.list(
    'target_list',
    mod.uses.map(({ name }) => name),
  );
}

function writeKallsyms({ info, regions, features }: Load, sink: StructSink): void {
  if (!features.kallsyms) return;
  for (const region of regions) {
    const entry = region.entries.find(({ name }) => name === '<mod_kallsyms>');
    if (entry) sink.address('kallsyms', region.base + BigInt(entry.offset));
    for (const [name, path] of [
      ['<core symtab>', 'core_kallsyms.symtab'],
      ['<core strtab>', 'core_kallsyms.strtab'],
      ['<core typetab>', 'core_kallsyms.typetab'],
    ] as const) {
      const table = region.entries.find(each => each.name === name);
      if (table) sink.address(path, region.base + BigInt(table.offset));
      if (table && name === '<core symtab>') sink.count('core_kallsyms.num_symtab', table.size, path);
    }
  }
  // Before 4.5 struct module had the tables itself.
  const symtab = info.sechdrs[info.index.sym];
  if (!symtab) return;
  sink.address('symtab', symtab.sh_addr);
  sink.count('num_symtab', symtab.sh_size, 'symtab');
  sink.address('strtab', info.sechdrs[info.index.str]?.sh_addr ?? null);
}

function writeSysfs({ info }: Load, sink: StructSink): void {
  sink.address('mkobj.mod', info.sechdrs[info.index.mod]?.sh_addr ?? null);
  for (const path of ['holders_dir', 'modinfo_attrs', 'sect_attrs', 'notes_attrs']) sink.address(path, null);
}

/** Once init has run its reference and its memory are given back. */
function writeLive({ mod, regions, features }: Load, sink: StructSink): void {
  if (mod.state !== 'live') return;
  sink.number('refcnt', FIRST_REFERENCES - 1);
  if (features.kallsyms) sink.within('kallsyms', 'core_kallsyms');
  for (const region of regions.filter(({ init }) => init)) {
    const type = REGION_TYPES.findIndex(each => region.name === `MOD_${each}`);
    const path = type < 0 ? `${region.name}_layout` : `mem.${type}`;
    for (const [name] of [['base'], ...sizesOf(region)]) {
      sink.number(`${path}.${name}`, 0);
      if (type < 0) sink.number(name === 'base' ? 'module_init' : `init_${name}`, 0);
    }
  }
}
