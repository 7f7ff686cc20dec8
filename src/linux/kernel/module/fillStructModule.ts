// What load_module() has written into struct module before relocations are applied (kernel/module/main.c). Relocations that write
// into one of these members find it set: x86_64 refuses them.
import { findMember, plainType } from '../../../formats/btf/member';
import { TypeGraph } from '../../../formats/btf/typeGraph';
import { findAnySec, findSec, getInfo } from './loadInfo';
import { REGION_TYPES } from './regions';
import type { Load, Region } from './types';

/** Bytes of struct module, from its start; `to` is the first behind them. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
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

/** Members that a kernel does not have are left out, so that one list serves every generation. */
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

/**
 * Writes into the memory of struct module what the loader has set by then, where the BTF of the kernel tells the places.
 * Addresses that only a running kernel knows become bytes of ones.
 *
 * @returns where something is set that is not known: nodes of the tree of addresses, which depend on all loaded modules
 */
export function fillStructModule(load: Load): readonly ByteRange[] {
  const { facts, info } = load;
  const graph = facts.btf && typesOf(facts.btf.bytes);
  const type = graph?.struct('module') ?? null;
  const place = info.sechdrs[info.index.mod]?.place;
  if (!graph || type === null || !place) return [];
  const fields = new StructFields(load, graph, type, place.region.view, place.offset);
  fillState(load, fields);
  fillMemory(load, fields);
  for (const each of SECTIONS) fillSection(load, fields, each);
  return fields.ranges;
}

/** Types by the BTF they were read from: many modules are loaded onto one kernel. */
const known = new WeakMap<Uint8Array, { readonly graph: TypeGraph | null }>();

function typesOf(bytes: Uint8Array): TypeGraph | null {
  const found = known.get(bytes) ?? { graph: TypeGraph.open(bytes) };
  known.set(bytes, found);
  return found.graph;
}

function fillState(load: Load, fields: StructFields): void {
  const { mod, info } = load;
  // State and list are there since add_unformed_module().
  for (const list of ['source_list', 'target_list']) fields.addresses([list]);
  fields.addresses(['param_lock', 'wait_list']);
  fields.number(['refcnt'], FIRST_REFERENCES);
  fields.number(['taints'], mod.taints);
  fields.number(['using_gplonly_symbols'], Number(mod.usingGplonlySymbols));
  fields.number(['sig_ok'], Number(info.sigOk));
  fields.number(['klp'], Number(mod.isLivepatch));
  for (const name of ['version', 'srcversion']) if (getInfo(info, name) !== null) fields.addresses([name]);
  if (load.percpu) {
    fields.addresses(['percpu']);
    fields.number(['percpu_size'], load.percpu.size);
  }
}

/** struct module_layout up to 6.3, struct module_memory since. */
function fillMemory({ regions, features }: Load, fields: StructFields): void {
  if (features.regionsByType) REGION_TYPES.forEach((_, index) => fields.addresses(['mem', index, 'mtn', 'mod']));
  for (const region of regions) {
    const type = REGION_TYPES.find(each => region.name === `MOD_${each}`);
    const path = type === undefined ? [`${region.name}_layout`] : ['mem', REGION_TYPES.indexOf(type)];
    fields.addresses([...path, 'mtn', 'mod']);
    for (const [name, value] of sizesOf(region)) fields.number([...path, name], value);
    if (region.size === 0) continue;
    fields.addresses([...path, 'base']);
    fields.unknown([...path, 'mtn', 'node']);
    if (type?.endsWith('TEXT')) fields.number([...path, 'is_rox'], Number(features.roxText));
  }
}

function sizesOf({ size, ends }: Region): (readonly [string, number])[] {
  const whole = [['size', size] as const];
  if (!ends) return whole;
  return [...whole, ['text_size', ends.text], ['ro_size', ends.roData], ['ro_after_init_size', ends.readOnly]];
}

function fillSection({ info }: Load, fields: StructFields, { section: name, start, count, any }: SectionRow): void {
  const index = any ? findAnySec(info, name) : findSec(info, name);
  const section = index === 0 ? undefined : info.sechdrs[index];
  if (section) fields.addresses(start.split('.'));
  else fields.number(start.split('.'), 0);
  if (count !== null)
    fields.number(count.split('.'), section ? Math.floor(section.sh_size / fields.entrySize(start)) : 0);
}

/** Members of struct module in the memory of one module. */
class StructFields {
  readonly ranges: ByteRange[] = [];

  constructor(
    private readonly load: Load,
    private readonly graph: TypeGraph,
    private readonly type: number,
    private readonly view: DataView,
    private readonly start: number,
  ) {}

  private bytesOf(path: readonly (string | number)[]): Uint8Array | null {
    const found = findMember(this.graph, this.type, path);
    const at = found && this.start + found.offset;
    const size = found ? this.sizeOf(found.type) : 0;
    if (at === null || at + size > this.view.byteLength) return null;
    return new Uint8Array(this.view.buffer, this.view.byteOffset + at, size);
  }

  private sizeOf(type: number): number {
    const plain = plainType(this.graph, type);
    if (this.graph.kind(plain) === 'pointer') return this.load.features.is64 ? 8 : 4;
    if (this.graph.kind(plain) !== 'array') return this.graph.size(plain);
    const { type: of, count } = this.graph.array(plain);
    return count * this.sizeOf(of);
  }

  unknown(path: readonly (string | number)[]): void {
    const found = findMember(this.graph, this.type, path);
    if (found) this.ranges.push({ from: found.offset, to: found.offset + this.sizeOf(found.type) });
  }

  /** Pointers that are set. */
  addresses(path: readonly (string | number)[]): void {
    this.bytesOf(path)?.fill(0xff);
  }

  number(path: readonly (string | number)[], value: number): void {
    const bytes = this.bytesOf(path);
    for (let i = 0; bytes && i < bytes.length; i++)
      bytes[this.load.features.littleEndian ? i : bytes.length - 1 - i] =
        i < 6 ? Math.floor(value / 2 ** (8 * i)) & 0xff : 0;
  }

  /** Bytes of one thing that a pointer points to; 1 where it points to bytes. */
  entrySize(pointer: string): number {
    const found = findMember(this.graph, this.type, pointer.split('.'));
    const plain = found ? plainType(this.graph, found.type) : 0;
    return this.graph.kind(plain) === 'pointer' ? Math.max(1, this.sizeOf(this.graph.target(plain))) : 1;
  }
}
