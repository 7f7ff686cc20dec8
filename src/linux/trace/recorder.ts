// Watches a load and keeps the state after each stage. Copies columns only where a stage changed them.
import { codeOf, describe } from '../../findings/all';
import { note, type Note } from '../../findings/notes';
import { bigTableValues } from './symbolValues';
import { decodeUtf8 } from '../../formats/bytes/strings';
import { readExtable, type Extable } from '../lib/extable';
import { isCopied } from '../kernel/module/moveModule';
import { sectionName } from '../kernel/module/loadInfo';
import { loadedSymtab } from '../kernel/module/simplifySymbols';
import { taintLetters } from '../kernel/module/taints';
import type { LinkTable, Load, LoadedSection, LoadObserver, ModuleState, Shown, Stage } from '../kernel/module/types';
import { LinkColumns } from './linkColumns';
import { purposeOf } from './purposes';
import { RelocationColumns } from './relocationColumns';
import { SearchColumns } from './searchColumns';
import { StructWrites } from './structWrites';
import type { Change, Check, HeaderState, LoadTrace, SymbolValues, TracedStage, UseTrace } from './types';

export class Recorder implements LoadObserver {
  private readonly stages: TracedStage[] = [];
  private readonly headers: HeaderState[] = [];
  /** sh_addr of the newest state, as the headers have them: to compare the same value with itself costs nothing. */
  private addresses: readonly bigint[] = [];
  private readonly relocations = new RelocationColumns();
  readonly relocated: LoadObserver['relocated'] = this.relocations.push.bind(this.relocations);
  private readonly links = new LinkColumns();
  private readonly structWrites = new StructWrites();
  private readonly searches = new SearchColumns();
  readonly searched: LoadObserver['searched'] = this.searches.push.bind(this.searches);
  private uses: readonly UseTrace[] = [];
  private extable: Extable | null = null;
  private checks: Check[] = [];
  private symbols: SymbolValues | null = null;
  private images: readonly Uint8Array[] = [];
  private before: Before = { log: 0, findings: 0, taints: '' };

  checked(what: Shown, value: Shown, against: Shown = '', ok: boolean | null = null): void {
    const said = (shown: Shown): string | Note => (typeof shown === 'object' ? shown : decodeUtf8(String(shown)));
    this.checks.push({ what: said(what), value: said(value), against: said(against), ok });
  }

  /** The relocation that is being tried comes next. */
  linked(table: LinkTable, section: string, offset: number, target: bigint): void {
    this.links.push(table, section, offset, target, this.relocations.count);
  }

  stageBegins(load: Load, name: string): void {
    this.checks = [];
    this.before = { log: load.log.length, findings: load.findings.length, taints: bothTaints(load) };
    if (name === 'apply_relocations') this.images = copiesOfImages(load);
  }

  stageEnds(load: Load, stage: Stage): void {
    const changed = new Set<Change>();
    if (this.noteHeaders(load, stage.name)) changed.add('section headers');
    if (stage.name === 'layout_and_allocate' && load.regions.some(({ image }) => image.length > 0))
      changed.add('module memory');
    if (stage.name === 'simplify_symbols') {
      this.symbols = symbolValues(load);
      this.uses = load.mod.uses.map(({ name, usedBy }) => ({ name, users: usedBy.map(user => user.name) }));
      changed.add('symbol values');
    }
    if (stage.name === 'post_relocation') this.extable = readExtable(load);
    if (stage.name === 'apply_relocations' && this.relocations.count > 0) changed.add('relocations');
    if (stage.name === 'parse_args' && load.args.trim() !== '') changed.add('parameters');
    const state = stateAfter(load, stage);
    if (state !== (this.stages.at(-1)?.state ?? null)) changed.add('module state');
    this.structWrites.stageEnds(load, stage.name, this.stages.length, state);
    if (bothTaints(load) !== this.before.taints) changed.add('taints');
    if (load.log.length > this.before.log) changed.add('kernel log');
    this.stages.push({
      name: stage.name,
      purpose: purposeOf(stage.name),
      outcome: stage.outcome,
      notes: stage.notes,
      checks: this.withReason(load, stage),
      changed: [...changed],
      state,
      taints: taintLetters(load.mod.taints),
      kernelTaints: taintLetters(load.machine.taints),
      log: [this.before.log, load.log.length],
      findings: [this.before.findings, load.findings.length],
      headerState: this.headers.length - 1,
    });
  }

  notReached(names: readonly string[]): void {
    const last = this.stages.at(-1);
    if (!last) return;
    const nothing = { outcome: 'not-reached', notes: [], checks: [], changed: [] } as const;
    // The log and the findings end where the load did.
    const over = {
      ...last,
      ...nothing,
      log: [last.log[1], last.log[1]],
      findings: [last.findings[1], last.findings[1]],
    } as const;
    for (const name of names) this.stages.push({ ...over, name, purpose: purposeOf(name) });
  }

  /** What refused a load is always among the checks: where no value tells it, the finding does. */
  private withReason({ findings }: Load, { name, outcome }: Stage): readonly Check[] {
    if (outcome === 'refused' && !this.checks.some(({ ok }) => ok === false)) {
      const finding = findings.filter(({ stage }) => stage === name).at(-1);
      // A sentence of ours stands with the finding itself.
      const line = finding && !finding.definition.message ? describe(finding, name).message : note('refused');
      this.checked(finding ? codeOf(finding) : name, line, '', false);
    }
    return this.checks;
  }

  /** What was seen, once the load is over. */
  trace(load: Load): LoadTrace {
    return {
      stages: this.stages,
      headers: this.headers,
      sectionNames: load.info.sechdrs.map(section => sectionName(load.info, section)),
      symbols: this.symbols,
      relocations: this.images.length > 0 ? this.relocations.trace() : null,
      links: this.images.length > 0 ? this.links.trace() : null,
      images: this.images,
      log: load.log,
      structModule: this.structWrites.trace(),
      searches: this.searches.trace(),
      uses: this.uses,
      extable: this.extable,
    };
  }

  /** Keeps the headers if they are not what they were; false when nothing changed. */
  private noteHeaders({ info }: Load, stage: string): boolean {
    const { sechdrs } = info;
    if (sechdrs.length === 0) return false;
    const last = this.headers.at(-1);
    if (last && sameHeaders(sechdrs, last.sh_flags, this.addresses)) return false;
    this.addresses = sechdrs.map(section => section.sh_addr);
    const changing = { sh_flags: flagsOf(sechdrs), sh_addr: BigUint64Array.from(this.addresses) };
    this.headers.push(
      last ? { ...last, stage, ...changing } : { ...constantColumns(sechdrs), stage: null, ...changing },
    );
    return last !== undefined;
  }
}

interface Before {
  readonly log: number;
  readonly findings: number;
  readonly taints: string;
}

/** What is in memory before relocation: only what was copied there can differ from zero, and .bss may be huge. */
function copiesOfImages({ info, regions }: Load): Uint8Array[] {
  return regions.map(region => {
    const copy = new Uint8Array(region.image.length);
    for (const section of info.sechdrs) {
      if (section.place?.region !== region || !isCopied(section)) continue;
      const { offset } = section.place;
      // Alignments that are no powers of two may put a section behind the end.
      if (offset + section.sh_size <= copy.length)
        copy.set(region.image.subarray(offset, offset + section.sh_size), offset);
    }
    return copy;
  });
}

/** free_modinfo and coming_cleanup in load_module(): only who has been told that it comes hears that it goes. */
function stateAfter({ machine, mod }: Load, { outcome }: Stage): ModuleState | null {
  if (!machine.modules.includes(mod)) return null;
  if (outcome !== 'refused') return mod.state;
  return mod.state === 'unformed' ? null : 'going';
}

const bothTaints = (load: Load): string => `${load.mod.taints}/${load.machine.taints}`;

/** After every stage, of perhaps tens of thousands of sections. */
function sameHeaders(sechdrs: readonly LoadedSection[], sh_flags: Uint32Array, addresses: readonly bigint[]): boolean {
  for (let i = 0; i < sechdrs.length; i++) {
    const section = sechdrs[i];
    if (section && (sh_flags[i] !== section.sh_flags >>> 0 || addresses[i] !== section.sh_addr)) return false;
  }
  return true;
}

const flagsOf = (sechdrs: readonly LoadedSection[]): Uint32Array =>
  Uint32Array.from(sechdrs, section => section.sh_flags);

/** The loader rewrites sh_flags and sh_addr, and nothing else: all states share these. */
function constantColumns(sechdrs: readonly LoadedSection[]): Omit<HeaderState, 'stage' | 'sh_flags' | 'sh_addr'> {
  return {
    sh_type: Uint32Array.from(sechdrs, section => section.sh_type),
    sh_offset: Float64Array.from(sechdrs, section => section.sh_offset),
    sh_size: Float64Array.from(sechdrs, section => section.sh_size),
    sh_addralign: Float64Array.from(sechdrs, section => section.sh_addralign),
    sh_link: Uint32Array.from(sechdrs, section => section.sh_link),
    sh_info: Uint32Array.from(sechdrs, section => section.sh_info),
  };
}

/** From the file, and from module memory where simplify_symbols() has been. */
function symbolValues(load: Load): SymbolValues {
  const { info } = load;
  const section = info.sechdrs[info.index.sym];
  const after = loadedSymtab(load);
  const start = section?.sh_offset ?? 0;
  const file = info.bytes.subarray(start, start + after.count * after.entrySize);
  return {
    before: bigTableValues({ ...after, view: new DataView(file.buffer, file.byteOffset, file.byteLength) }),
    after: bigTableValues(after),
  };
}
