// What a module says of itself, whatever the kernel: use of freed memory, and memory it need not keep.
import { describe } from '../../../findings/all';
import { SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS } from '../../../formats/elf/constants';
import { offsetOf, placeOf, sectionOf, type Place, type Relocations } from '../../../formats/elf/relocations';
import type { SectionIndex } from '../../../formats/elf/header';
import { contents } from '../../../formats/elf/sectionByName';
import type { SymbolIndex } from '../../../formats/elf/symtab';
import { alignmentWaste } from '../../../findings/alignmentWaste';
import { initMemoryUse } from '../../../findings/initMemoryUse';
import { initOnlyData } from '../../../findings/initOnlyData';
import { initOnlyFunction } from '../../../findings/initOnlyFunction';
import { noExit } from '../../../findings/noExit';
import { percpuSize } from '../../../findings/percpuSize';
import { roAfterInit } from '../../../findings/roAfterInit';
import type { Finding, FindingDefinition } from '../../../findings/types';
import type { Access, CodeReader } from '../../arch/arch';
import { archOfMachine } from '../../arch/index';
import { PERCPU_MODULE_RESERVE } from '../../kernel/module/percpuModalloc';
import type { Container, ObjectFile } from '../../../formats/ko/objectFile';
import { eachTarget, type Reference } from '../../../formats/ko/references';
import { groupBy } from '../../../formats/groupBy';
import { thisModuleShape } from '../../../formats/ko/thisModule';
import { sectionMismatches } from './sectionMismatch';

/** A finding, with what to look for in the source. */
export interface Hint {
  readonly finding: Finding;
  /** Uses of the finding's symbol, or else the things it is about; where there are neither, its anchor says the place. */
  readonly references: readonly Reference[];
  readonly containers: readonly Container[];
}

/** Everything that can be told from the file alone. `module` is the module's name. */
export function moduleHints(object: ObjectFile, module: string): Hint[] {
  return [
    ...freedMemory(object, module),
    ...keptForInit(object, module),
    ...sectionSizes(object, module),
    ...staying(object, module),
  ];
}

/** delete_module() refuses a module that has an init function and no exit function. */
function staying(object: ObjectFile, module: string): Hint[] {
  const shape = thisModuleShape(object.file, object.sections);
  return shape !== null && shape.init !== null && shape.exit === null
    ? [{ finding: report(noExit, { module, refused: false }), references: [], containers: [] }]
    : [];
}

/** A finding outside of any stage of loading. */
function report<Facts>(definition: FindingDefinition<Facts>, facts: Facts): Finding {
  return describe({ definition, facts }, 'build');
}

function freedMemory(object: ObjectFile, module: string): Hint[] {
  return sectionMismatches(object).map(({ references, ...names }) => {
    const fromIsCode = references[0]?.container?.isFunction ?? false;
    return { finding: report(initMemoryUse, { module, ...names, fromIsCode }), references, containers: [] };
  });
}

/** How the code of a module uses one of its functions or variables. */
interface Usage {
  readonly container: Container;
  readonly init: Set<Access>;
  readonly core: Set<Access>;
}

/** Functions and variables that only init code needs, or only init code writes. Says nothing where it is not sure. */
function keptForInit(object: ObjectFile, module: string): Hint[] {
  // Instructions that are not understood say nothing.
  const code = archOfMachine(object.machine)?.code ?? null;
  if (!code) return [];
  const exported = new Set(object.exports().map(({ name }) => name));
  const sure = [...usages(object, code)].filter(
    ([name, { container, init, core }]) =>
      !exported.has(name) && init.size > 0 && container.size > 0 && !init.has('unknown') && !core.has('unknown'),
  );
  const functions = sure.filter(([, { container, core }]) => container.isFunction && core.size === 0);
  const reached = reachedByBranches(
    object,
    code,
    functions.map(([, { container }]) => container.place),
  );
  return sure.flatMap(([name, { container, init, core }]) => {
    const hint = (finding: Finding): Hint[] => [{ finding, references: [], containers: [container] }];
    const facts = { module, symbol: name, bytes: container.size };
    if (container.isFunction)
      return core.size === 0 && !reached.has(container.place) ? hint(report(initOnlyFunction, facts)) : [];
    if (core.size === 0) return hint(report(initOnlyData, facts));
    const writable = ((object.sections.shdrs[sectionOf(container.place)]?.sh_flags ?? 0) & SHF_WRITE) !== 0;
    return writable && init.has('write') && !core.has('write') ? hint(report(roAfterInit, facts)) : [];
  });
}

/** Sections with what the author wrote and the loader keeps. */
const KEPT = /^\.(?:text|data|bss|rodata)(?:\.(?!\.percpu|\.ro_after_init)|$)/;

/** By name; only of what init code uses at all. */
function usages(object: ObjectFile, reader: CodeReader): Map<string, Usage> {
  const found = new Map<string, Usage>();
  const code = new Map<number, Uint8Array>();
  const codeOf = (section: number): Uint8Array => {
    let bytes = code.get(section);
    if (!bytes) code.set(section, (bytes = contents(object.file, object.sections.shdrs[section])));
    return bytes;
  };
  const isKept = object.sectionNames.map(name => KEPT.test(name));
  const isInit = object.sectionNames.map(name => name.startsWith('.init'));
  const isCode = object.sections.shdrs.map(({ sh_flags }) => (sh_flags & SHF_EXECINSTR) !== 0);
  // By symbol, for one pass: a large module refers a hundred thousand times to a few thousand things, whose names are read once.
  const known = new Map<SymbolIndex, Usage | null>();
  const lookUp = (container: Container, init: boolean): Usage | null => {
    const { name } = container;
    if (name.startsWith('__')) return null;
    const usage = found.get(name);
    if (usage || !init) return usage ?? null;
    const made = { container, init: new Set<Access>(), core: new Set<Access>() };
    found.set(name, made);
    return made;
  };
  const note = (section: SectionIndex, table: Relocations, i: number, target: Place, init: boolean): void => {
    const { access, shifts } = isCode[section]
      ? reader.accessOf(codeOf(section), table.offset(i), table.type(i))
      : { access: 'unknown' as const, shifts: [0] };
    for (const shift of shifts) {
      const container = object.containerAt(target + shift);
      if (!container) continue;
      let usage = known.get(container.symbol);
      if (usage === undefined) known.set(container.symbol, (usage = lookUp(container, init)));
      if (!usage) continue;
      // Two things of one name cannot be told apart by it.
      const same = usage.container.place === container.place;
      (init ? usage.init : usage.core).add(same ? access : 'unknown');
    }
  };
  for (const init of [true, false]) {
    const wants = (from: number, to: number): boolean => (isKept[to] ?? false) && isInit[from] === init;
    known.clear();
    if (init || found.size > 0)
      eachTarget(object, wants, (section, table, i, target) => note(section, table, i, target, init));
  }
  return found;
}

/** Those of some places that a jump or call inside their own section may reach: the assembler leaves no relocation there. */
function reachedByBranches(object: ObjectFile, code: CodeReader, places: readonly Place[]): ReadonlySet<Place> {
  const reached = new Set<Place>();
  for (const [section, inside] of groupBy(places, sectionOf)) {
    const shdr = object.sections.shdrs[section];
    if (!shdr || !(shdr.sh_flags & SHF_EXECINSTR) || shdr.sh_type === SHT_NOBITS) continue;
    const offsets = new Set(inside.map(offsetOf));
    code.eachBranch(contents(object.file, shdr), offset => {
      if (offsets.has(offset)) reached.add(placeOf(section, offset));
    });
  }
  return reached;
}

const PAGE = 4096;

function sectionSizes(object: ObjectFile, module: string): Hint[] {
  return object.sections.shdrs.flatMap((shdr, index) => {
    const name = object.sectionNames[index] ?? '';
    const inside = (): Container[] =>
      object
        .containers()
        .filter(({ place }) => sectionOf(place) === index)
        .sort((a, b) => b.size - a.size)
        .slice(0, 3);
    const isKept = KEPT.test(name);
    if (isKept && shdr.sh_addralign >= PAGE && shdr.sh_size > 0 && shdr.sh_size % shdr.sh_addralign !== 0) {
      const finding = report(alignmentWaste, { section: name, align: shdr.sh_addralign, size: shdr.sh_size });
      return [{ finding, references: [], containers: inside() }];
    }
    if (name === '.data..percpu' && shdr.sh_size > PERCPU_MODULE_RESERVE / 2) {
      const finding = report(percpuSize, { module, bytes: shdr.sh_size, reserve: PERCPU_MODULE_RESERVE });
      return [{ finding, references: [], containers: inside() }];
    }
    return [];
  });
}
