// Stubs of 64-bit PowerPC (arch/powerpc/kernel/module_64.c): every call out of a module goes by way of one.
import { missingSection } from '../preparedSections';
import { archSections } from '../../../findings/archSections';
import { note } from '../../../findings/notes';
import { SHT_RELA } from '../../../formats/elf/constants';
import { ENOENT } from '../../errno';
import { sectionName } from '../../kernel/module/loadInfo';
import type { Errno, Load, LoadedSection } from '../../kernel/module/types';
import type { Relocation } from '../relocationEntry';
import { R_PPC_REL24 } from './relocations';

const RELA = 24;
/** struct ppc64_stub_entry: seven instructions, a mark and an address. */
const STUB = 40;
const STUB_MAGIC = 0x7374_7562;
const FUNCDATA = 32;

/** struct mod_arch_specific */
export interface Ppc64Module {
  readonly kind: 'ppc64le';
  readonly stubs: LoadedSection;
  readonly toc: LoadedSection;
  tocFixed: boolean;
  /** Stubs that relocations were counted to want. */
  readonly counted: number;
  /** Stubs by the address they lead to. */
  readonly of: Map<bigint, number>;
}

export function ppc64Module(load: Load): Ppc64Module | null {
  return load.archSpecific?.kind === 'ppc64le' ? (load.archSpecific as Ppc64Module) : null;
}

/** module_frob_arch_sections(): finds stubs and TOC, and makes room for stubs. */
export function frobArchSections(load: Load): Errno {
  const { info, facts } = load;
  // Prefixed instructions want a GOT instead.
  if (facts.config['PPC_KERNEL_PCREL'] === 'y') {
    load.leaveUnchecked(note('sections-not-prepared', { arch: load.arch.name }));
    return 0;
  }
  let stubs: LoadedSection | undefined;
  let toc: LoadedSection | undefined;
  for (const section of info.sechdrs) {
    if (section.index === 0) continue;
    const name = sectionName(info, section);
    if (name === '.stubs') stubs = section;
    else if (name === '.toc') toc = section;
  }
  for (const section of info.sechdrs) {
    if (section.index > 0 && sectionName(info, section) === '.toc' && section.sh_addralign < 8)
      section.sh_addralign = 8;
  }
  if (!stubs) return missingSection(load, `module_64: ${load.mod.name}: doesn't contain .stubs.`);
  const counted = countRelocs(load);
  stubs.sh_size = (counted + otherStubs(load)) * STUB;
  const state: Ppc64Module = { kind: 'ppc64le', stubs, toc: toc ?? stubs, tocFixed: false, counted, of: new Map() };
  load.archSpecific = state;
  return 0;
}

/** get_stubs_size(): stubs for relocations. */
function countRelocs(load: Load): number {
  let stubs = 0;
  for (const section of load.info.sechdrs) {
    if (section.index > 0 && section.sh_type === SHT_RELA) stubs += new SortedTable(load, section).branches();
  }
  return stubs;
}

/** get_stubs_size(): stubs for ftrace, and up to 6.12 an empty one at the end. */
function otherStubs({ info, facts, features }: Load): number {
  const counted = features.rows.has('ppcStubsCounted');
  let stubs = counted ? 0 : 1;
  const on = (option: string): number => (facts.config[option] === 'y' ? 1 : 0);
  if (on('DYNAMIC_FTRACE')) stubs += 1 + on('DYNAMIC_FTRACE_WITH_REGS');
  if (counted && on('PPC_FTRACE_OUT_OF_LINE')) {
    const name = '__patchable_function_entries';
    const traced = info.sechdrs.find(section => section.index > 0 && sectionName(info, section) === name);
    const size = on('DYNAMIC_FTRACE_WITH_CALL_OPS') ? 24 : 16;
    stubs += Math.ceil((Math.floor((traced?.sh_size ?? 0) / 8) * size) / STUB);
  }
  return stubs;
}

/** module_finalize_ftrace(): stubs out of line come behind those in use, and there has to be room for them. */
export function moduleFinalize(load: Load): Errno {
  const { facts, features, mod, arch } = load;
  const state = ppc64Module(load);
  const outOfLine = features.rows.has('ppcStubsCounted') && facts.config['PPC_FTRACE_OUT_OF_LINE'] === 'y';
  if (!state || !outOfLine || state.of.size <= state.counted) return 0;
  // The kernel warns with a stack dump.
  load.report(archSections, { module: mod.name, arch: arch.name, lines: [], section: '.stubs' });
  return ENOENT;
}

/** A relocation section sorted by symbol, type and addend, the highest first. */
class SortedTable {
  private readonly view: DataView;
  private readonly count: number;

  constructor(
    load: Load,
    private readonly section: LoadedSection,
  ) {
    const { bytes } = load.info;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = Math.floor(Math.max(0, Math.min(section.sh_size, bytes.length - section.sh_offset)) / RELA);
  }

  /** count_relocs(): branches with another symbol or addend than the one before, which begin at 0. */
  branches(): number {
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => this.compare(b, a));
    this.section.order = order;
    let stubs = 0;
    let symbol = 0;
    let addend = 0n;
    for (const entry of order) {
      if (this.word(entry, 8) !== R_PPC_REL24) continue;
      const next = this.addend(entry);
      if (this.word(entry, 12) === symbol && next === addend) continue;
      stubs++;
      symbol = this.word(entry, 12);
      // Kept in 32 bits without a sign: a negative addend never equals itself.
      addend = BigInt.asUintN(32, next);
    }
    return stubs;
  }

  private compare(a: number, b: number): number {
    const byInfo = this.word(a, 12) - this.word(b, 12) || this.word(a, 8) - this.word(b, 8);
    if (byInfo !== 0) return byInfo;
    const high = this.high(a) - this.high(b);
    return high !== 0 ? high : this.word(a, 16) - this.word(b, 16);
  }

  private word(entry: number, at: number): number {
    return this.view.getUint32(this.section.sh_offset + entry * RELA + at, true);
  }

  private high(entry: number): number {
    return this.view.getInt32(this.section.sh_offset + entry * RELA + 20, true);
  }

  private addend(entry: number): bigint {
    return this.view.getBigInt64(this.section.sh_offset + entry * RELA + 16, true);
  }
}

/** my_r2(): the TOC pointer, 0x8000 into the TOC. */
export function tocPointer({ toc }: Ppc64Module): bigint {
  return (toc.sh_addr & ~0xffn) + 0x8000n;
}

/** Calls of these are not ordinary calls: they leave r2 alone. */
export function isFtraceCall({ facts: { config } }: Load, name: string): boolean {
  if (config['MPROFILE_KERNEL'] !== 'y' && config['ARCH_USING_PATCHABLE_FUNCTION_ENTRY'] !== 'y') return false;
  if (name === '_mcount') return true;
  if (config['DYNAMIC_FTRACE'] !== 'y') return false;
  return name === 'ftrace_caller' || (name === 'ftrace_regs_caller' && config['DYNAMIC_FTRACE_WITH_REGS'] === 'y');
}

/** stub_for_addr(): the address of a stub that leads to `target`, for the relocation `entry`. */
export function stubFor(entry: Relocation, state: Ppc64Module, target: bigint): bigint {
  const { stubs, of } = state;
  let index = of.get(target);
  if (index === undefined) {
    index = of.size;
    of.set(target, index);
    writeStub(state, index, target);
  }
  entry.leadsThrough('stub', stubs, index * STUB, target);
  return stubs.sh_addr + BigInt(index * STUB);
}

function writeStub(state: Ppc64Module, index: number, target: bigint): void {
  const { stubs } = state;
  const at = index * STUB;
  if (!stubs.place || at + STUB > stubs.sh_size) return;
  const { region, offset } = stubs.place;
  if (offset + at + STUB > region.image.length) return;
  const view = new DataView(region.image.buffer, region.image.byteOffset + offset + at, STUB);
  const distance = Number(BigInt.asIntN(32, stubs.sh_addr + BigInt(at) - tocPointer(state)));
  const high = ((distance + 0x8000) >> 16) & 0xffff;
  // addis r11,r2; addi r11,r11; std r2,24(r1); ld r12,32(r11); mtctr r12; bctr
  const code = [
    0x3d62_0000 | high,
    0x396b_0000 | (distance & 0xffff),
    0xf841_0018,
    0xe98b_0020,
    0x7d89_03a6,
    0x4e80_0420,
  ];
  for (const [i, insn] of code.entries()) view.setUint32(4 * i, insn >>> 0, true);
  view.setUint32(28, STUB_MAGIC, true);
  view.setBigUint64(FUNCDATA, target, true);
}
