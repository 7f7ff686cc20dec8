// The layout of a load as a tree: region, page protection, section, and symbols as columns.
import { decodeUtf8 } from '../../formats/bytes/strings';
import { sectionName } from '../../linux/kernel/module/loadInfo';
import type { LoadOutcome } from '../../linux/kernel/module/loadModule';
import type { Load, LoadedSection } from '../../linux/kernel/module/types';
import type { LayoutEntry, Region } from '../../linux/kernel/module/regions';
import { errnoName } from '../../linux/errno';
import { relocationCounts, SymbolsBySection } from './sectionSymbols';
import { verdictOf } from '../result';
import type { LayoutModel, LayoutProtection, LayoutRegion, LayoutSection, Protection } from './types';

export function layoutModel(load: Load, outcome: LoadOutcome): LayoutModel {
  const symbols = new SymbolsBySection(load);
  const relocations = relocationCounts(load);
  const placed = placedSections(load);
  const regions = load.percpu ? [...load.regions, load.percpu] : load.regions;
  return {
    release: load.facts.release,
    verdict: verdictOf(load, outcome),
    errnoName: errnoName(outcome.errno),
    refusedBy: load.stages.find(stage => stage.outcome === 'refused')?.name ?? null,
    pageSize: load.features.pageSize,
    coresize: load.coresize,
    initsize: load.initsize,
    regions: regions.map(region => regionModel(load, region, placed, symbols, relocations)),
    symbols: symbols.columns(),
    growth: null,
  };
}

function regionModel(
  load: Load,
  region: Region,
  placed: PlacedSections,
  symbols: SymbolsBySection,
  relocations: ReadonlyMap<number, number>,
): LayoutRegion {
  const entries = [...region.entries].sort((a, b) => a.offset - b.offset || a.size - b.size);
  const spans = protectionSpans(load, region);
  const protections = spans.map((span, i): LayoutProtection => {
    const end = i + 1 < spans.length ? (spans[i + 1]?.offset ?? region.size) : region.size;
    const inside = entries.filter(({ offset }) => offset >= span.offset && (offset < end || i + 1 === spans.length));
    let free = span.offset;
    const sections = inside.map((entry): LayoutSection => {
      const section = sectionOf(load, placed, region, entry);
      const paddingBefore = Math.max(0, entry.offset - free);
      free = Math.max(free, entry.offset + entry.size);
      return {
        name: decodeUtf8(entry.name),
        index: section?.index ?? 0,
        offset: entry.offset,
        size: entry.size,
        align: entry.align,
        paddingBefore,
        symbols: section ? symbols.add(section) : [0, 0],
        relocations: section ? (relocations.get(section.index) ?? 0) : 0,
      };
    });
    const used = sections.reduce((total, { size }) => total + size, 0);
    return { ...span, size: end - span.offset, padding: Math.max(0, end - span.offset - used), sections };
  });
  return {
    name: region.name,
    init: region.init,
    base: `0x${region.base.toString(16)}`,
    size: region.size,
    padding: protections.reduce((total, { padding }) => total + padding, 0),
    protections: protections.filter(({ size, sections }) => size > 0 || sections.length > 0),
  };
}

type Span = Pick<LayoutProtection, 'kind' | 'protection' | 'offset'>;

/** module_enable_ro(), module_enable_nx() and module_enable_x(): where each kind of memory begins. */
function protectionSpans(load: Load, region: Region): Span[] {
  const { strictModuleRwx } = load.features;
  const span = (kind: string, protection: Protection, offset = 0): Span => ({
    kind,
    protection: strictModuleRwx ? protection : 'rwx',
    offset,
  });
  if (region === load.percpu) return [{ kind: 'percpu', protection: 'rw-', offset: 0 }];
  const byType = TYPES[region.name.replace('MOD_', '').replace('INIT_', '')];
  if (byType) return [span(byType.kind, byType.protection)];
  const { text, roData, readOnly } = region.ends ?? { text: 0, roData: 0, readOnly: 0 };
  return [
    span('text', 'r-x'),
    span('rodata', 'r--', text),
    span('ro_after_init', 'r-- after init', roData),
    span('data', 'rw-', readOnly),
  ];
}

const TYPES: Readonly<Record<string, { readonly kind: string; readonly protection: Protection }>> = {
  TEXT: { kind: 'text', protection: 'r-x' },
  DATA: { kind: 'data', protection: 'rw-' },
  RODATA: { kind: 'rodata', protection: 'r--' },
  RO_AFTER_INIT: { kind: 'ro_after_init', protection: 'r-- after init' },
};

/** Sections by region, place and name; the first of each. */
type PlacedSections = ReadonlyMap<Region, ReadonlyMap<string, LoadedSection>>;

const keyOf = (offset: number, size: number, name: string): string => `${offset} ${size} ${name}`;

function placedSections({ info }: Load): PlacedSections {
  const found = new Map<Region, Map<string, LoadedSection>>();
  for (const section of info.sechdrs) {
    if (!section.place) continue;
    const { region, offset } = section.place;
    const inRegion = found.get(region) ?? new Map<string, LoadedSection>();
    const key = keyOf(offset, section.sh_size, sectionName(info, section));
    if (!inRegion.has(key)) inRegion.set(key, section);
    found.set(region, inRegion);
  }
  return found;
}

/** The section an entry stands for; none for what the loader adds itself. */
function sectionOf(load: Load, placed: PlacedSections, region: Region, entry: LayoutEntry): LoadedSection | null {
  if (region === load.percpu) return load.info.sechdrs[load.info.index.pcpu] ?? null;
  return placed.get(region)?.get(keyOf(entry.offset, entry.size, entry.name)) ?? null;
}
