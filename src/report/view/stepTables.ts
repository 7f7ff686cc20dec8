// Tables of a module that the kernel works through once relocations are applied, and the memory it gives back at last.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { LISTENERS } from '../../linux/kernel/module/comingListeners';
import { findSec } from '../../linux/kernel/module/loadInfo';
import type { Load } from '../../linux/kernel/module/types';
import type { LoadTrace } from '../../linux/trace/types';
import type { StepExtable, StepFreed, StepPatch } from './types';

/** Listeners that change code. */
const PATCHING: ReadonlySet<string> = new Set([
  'ftrace_module_enable',
  'jump_label_module_notify',
  'static_call_module_notify',
]);

/** Those of the module's sections that say which code is changed later, in the order in which that is done. */
export function stepPatches({ arch, facts, info }: Load): StepPatch[] {
  const isOn = (options: readonly string[]): boolean =>
    options.length === 0 || options.some(name => facts.config[name] === 'y') || Object.keys(facts.config).length === 0;
  const found = (
    section: string,
    options: readonly string[],
    { by, does, stage }: Pick<StepPatch, 'by' | 'does' | 'stage'>,
  ): StepPatch[] => {
    const index = findSec(info, section);
    const { sh_size = 0 } = info.sechdrs[index] ?? {};
    // A configuration has ten thousand options, most tables are not there: what costs less is asked first.
    return index === 0 || sh_size === 0 || !isOn(options) ? [] : [{ section, bytes: sh_size, by, does, stage }];
  };
  return [
    ...arch.patchTables.flatMap(({ section, by, does, config }) =>
      found(section, config, { by, does: { id: does, facts: {} }, stage: 'module_finalize' }),
    ),
    ...LISTENERS.flatMap(({ name, config, section, does }) =>
      PATCHING.has(name) && section !== null
        ? found(section, [config], { by: name, does: { id: does, facts: {} }, stage: 'prepare_coming_module' })
        : [],
    ),
  ];
}

/** Sorted by address, so that the section of one is found by halves. */
class Places {
  private readonly sections: readonly {
    readonly from: bigint;
    readonly to: bigint;
    readonly name: string;
    readonly init: boolean;
  }[];

  constructor({ info }: Load, names: readonly string[]) {
    this.sections = info.sechdrs
      .flatMap(({ index, place, sh_addr, sh_size }) =>
        place
          ? [{ from: sh_addr, to: sh_addr + BigInt(sh_size), name: names[index] ?? '', init: place.region.init }]
          : [],
      )
      .sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  of(address: bigint): { readonly text: string; readonly init: boolean } {
    let [low, high] = [0, this.sections.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sections[middle]?.from ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const section = this.sections[low - 1];
    return section && address < section.to
      ? { text: `${decodeUtf8(section.name)} + 0x${(address - section.from).toString(16)}`, init: section.init }
      : { text: `0x${address.toString(16)}`, init: false };
  }
}

export function stepExtable(load: Load, { extable, sectionNames }: LoadTrace): StepExtable | null {
  if (!extable) return null;
  const places = new Places(load, sectionNames);
  const { form, insn, fixup, order, left } = extable;
  const sites = [...insn].map(address => places.of(address));
  return {
    entrySize: form.size,
    relative: form.relative,
    insn: sites.map(({ text }) => text),
    fixup: [...fixup].map(address => places.of(address).text),
    order,
    moved: [...order].filter((entry, i) => entry !== i).length,
    trimmed: sites.filter(({ init }) => init).length,
    left,
  };
}

/** What is given back once init has run. */
export function stepFreed({ regions }: Load): StepFreed[] {
  return regions
    .filter(({ init, size }) => init && size > 0)
    .map(({ name, size, entries }) => ({
      region: name,
      bytes: size,
      parts: entries.filter(entry => entry.size > 0).map(entry => decodeUtf8(entry.name)),
    }));
}
