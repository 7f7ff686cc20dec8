// What a module says of itself, whatever the kernel: use of freed memory, and memory it need not keep.
import { describe } from '../../../findings/all';
import { SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS } from '../../../formats/elf/constants';
import { placeOf, sectionOf, type Place } from '../../../formats/elf/relocations';
import { contents } from '../../../formats/elf/sectionByName';
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
import { eachReference, type Reference } from '../../../formats/ko/references';
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
  let reached: ReadonlySet<number> | null = null;
  return [...usages(object, code)].flatMap(([name, { container, init, core }]) => {
    if (exported.has(name) || init.size === 0 || container.size === 0 || init.has('unknown') || core.has('unknown'))
      return [];
    const hint = (finding: Finding): Hint[] => [{ finding, references: [], containers: [container] }];
    const facts = { module, symbol: name, bytes: container.size };
    if (container.isFunction)
      return core.size === 0 && !(reached ??= localBranchTargets(object, code)).has(container.place)
        ? hint(report(initOnlyFunction, facts))
        : [];
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
  const note = (reference: Reference, target: Place, init: boolean): void => {
    const { access, shifts } = isCode[reference.section]
      ? reader.accessOf(codeOf(reference.section), reference.offset, reference.type)
      : { access: 'unknown' as const, shifts: [0] };
    for (const shift of shifts) {
      const container = object.containerAt(target + shift);
      if (!container || container.name.startsWith('__')) continue;
      let usage = found.get(container.name);
      if (!usage && !init) continue;
      if (!usage) found.set(container.name, (usage = { container, init: new Set(), core: new Set() }));
      // Two things of one name cannot be told apart by it.
      const same = usage.container.place === container.place;
      (init ? usage.init : usage.core).add(same ? access : 'unknown');
    }
  };
  for (const init of [true, false]) {
    const wants = (from: number, to: number): boolean => (isKept[to] ?? false) && isInit[from] === init;
    if (init || found.size > 0) eachReference(object, wants, (reference, target) => note(reference, target, init));
  }
  return found;
}

/** Starts of functions that a jump or call inside their own section may reach: the assembler leaves no relocation there. */
function localBranchTargets(object: ObjectFile, code: CodeReader): ReadonlySet<number> {
  const starts = new Set(object.containers().flatMap(({ isFunction, place }) => (isFunction ? [place] : [])));
  const reached = new Set<number>();
  object.sections.shdrs.forEach((shdr, section) => {
    if (!(shdr.sh_flags & SHF_EXECINSTR) || shdr.sh_type === SHT_NOBITS) return;
    const bytes = contents(object.file, shdr);
    code.eachBranch(bytes, offset => {
      const place = placeOf(section, offset);
      if (offset >= 0 && starts.has(place)) reached.add(place);
    });
  });
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
