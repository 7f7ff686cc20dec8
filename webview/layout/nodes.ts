// The layout as a tree of nodes that know their children when asked: most sections are never opened.
import { t } from '../l10n';
import { symbolsText } from '../text';
import type { LayoutModel, LayoutProtection, LayoutSection, SourceSubject } from '../../src/protocol/view';

export type SortKey = 'offset' | 'size' | 'name';

/** Bytes of a region that a node stands for. */
export interface Span {
  /** Index of the region. */
  readonly region: number;
  /** From the start of the region. */
  readonly offset: number;
  readonly size: number;
}

export interface LayoutNode {
  /** The path of indices that leads to it: `0`, `0/1`, `0/1/3`, `0/1/3/17`. */
  readonly id: string;
  readonly kind: 'region' | 'protection' | 'section' | 'group' | 'symbol';
  readonly label: string;
  /** What it is, in a few words. */
  readonly note: string;
  /** From the start of what it is shown below of: a symbol's section, a section's region. */
  readonly offset: number | null;
  readonly size: number;
  readonly align: number | null;
  /** Unused bytes: inside a region or protection, before a section or symbol. */
  readonly padding: number;
  readonly span: Span;
  /** What to look for in the source; null for what has no place there. */
  readonly subject: SourceSubject | null;
  readonly hasChildren: boolean;
  children(): LayoutNode[];
}

/** More children than that come in groups: a tree of thousands of elements is slow to draw and to walk. */
export const GROUP = 200;

const NONE = (): LayoutNode[] => [];

export function regionNodes(model: LayoutModel, sort: SortKey): LayoutNode[] {
  return model.regions.map((region, i): LayoutNode => ({
    id: String(i),
    kind: 'region',
    label: region.name,
    note: region.init
      ? t('freed after init')
      : region.name === 'percpu'
        ? t('one copy for each CPU')
        : t('stays until rmmod'),
    offset: null,
    size: region.size,
    align: null,
    padding: region.padding,
    span: { region: i, offset: 0, size: region.size },
    subject: null,
    hasChildren: region.protections.length > 0,
    children: () => region.protections.map((protection, j) => protectionNode(model, i, j, protection, sort)),
  }));
}

/** What memory of a protection may be used for. */
const MEANING: Readonly<Record<LayoutProtection['protection'], string>> = {
  'r-x': t('execute, read'),
  'r--': t('read only'),
  'rw-': t('read, write'),
  rwx: t('no protection: CONFIG_STRICT_MODULE_RWX is off'),
  'r-- after init': t('read only once init has run'),
};

function protectionNode(
  model: LayoutModel,
  i: number,
  j: number,
  protection: LayoutProtection,
  sort: SortKey,
): LayoutNode {
  const { kind, sections, offset, size, padding } = protection;
  const id = `${i}/${j}`;
  return {
    id,
    kind: 'protection',
    label: `${protection.protection} ${kind}`,
    note: MEANING[protection.protection],
    offset,
    size,
    align: null,
    padding,
    span: { region: i, offset, size },
    subject: null,
    hasChildren: sections.length > 0,
    children: () =>
      sorted(
        sections.map((section, k) => sectionNode(model, `${id}/${k}`, i, section, sort)),
        sort,
      ),
  };
}

function sectionNode(
  model: LayoutModel,
  id: string,
  region: number,
  section: LayoutSection,
  sort: SortKey,
): LayoutNode {
  const [from, to] = section.symbols;
  const span = { region, offset: section.offset, size: section.size };
  const all = (): LayoutNode[] => {
    const nodes: LayoutNode[] = [];
    for (let symbol = from; symbol < to; symbol++)
      nodes.push(symbolNode(model, `${id}/${symbol}`, region, section, symbol));
    return sorted(nodes, sort);
  };
  return {
    id,
    kind: 'section',
    label: section.name,
    note: to === from ? '' : symbolsText(to - from),
    offset: section.offset,
    size: section.size,
    align: section.align,
    padding: section.paddingBefore,
    span,
    subject: section.index > 0 ? { kind: 'section', name: section.name, section: '' } : null,
    hasChildren: to > from,
    children: () => grouped(all(), id, span),
  };
}

/** STT_* and STB_* in words (elf.h). */
const TYPES = ['', t('object'), t('function'), '', '', 'common', 'TLS'];
const BINDINGS = [t('local'), t('global'), t('weak')];

function symbolNode(
  model: LayoutModel,
  id: string,
  region: number,
  section: LayoutSection,
  symbol: number,
): LayoutNode {
  const { names, offset, size, paddingBefore, st_info, align } = model.symbols;
  const info = st_info[symbol] ?? 0;
  const at = offset[symbol] ?? 0;
  return {
    id,
    kind: 'symbol',
    label: names[symbol] ?? '',
    note: [BINDINGS[info >> 4] ?? '', TYPES[info & 0xf] ?? ''].filter(word => word !== '').join(' '),
    offset: at,
    size: size[symbol] ?? 0,
    align: align[symbol] ?? 1,
    padding: paddingBefore[symbol] ?? 0,
    span: { region, offset: section.offset + at, size: size[symbol] ?? 0 },
    subject: { kind: 'symbol', name: names[symbol] ?? '', section: section.name },
    hasChildren: false,
    children: NONE,
  };
}

function grouped(nodes: readonly LayoutNode[], id: string, { region }: Span): LayoutNode[] {
  if (nodes.length <= GROUP) return [...nodes];
  const groups: LayoutNode[] = [];
  for (let from = 0; from < nodes.length; from += GROUP) {
    const part = nodes.slice(from, from + GROUP);
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last) continue;
    groups.push({
      id: `${id}/group${from}`,
      kind: 'group',
      label: `${first.label} … ${last.label}`,
      note: symbolsText(part.length),
      offset: first.offset,
      size: part.reduce((total, { size }) => total + size, 0),
      align: null,
      padding: part.reduce((total, { padding }) => total + padding, 0),
      span: { region, offset: first.span.offset, size: last.span.offset + last.size - first.span.offset },
      subject: null,
      hasChildren: true,
      children: () => part,
    });
  }
  return groups;
}

function sorted(nodes: LayoutNode[], sort: SortKey): LayoutNode[] {
  if (sort === 'size') nodes.sort((a, b) => b.size - a.size);
  else if (sort === 'name') nodes.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  return nodes;
}

/** Sections and symbols whose names hold a text, whatever the case, in the order of the layout; at most `most`. */
export function matchingNodes(
  model: LayoutModel,
  text: string,
  sort: SortKey,
  most: number,
): { readonly nodes: LayoutNode[]; readonly more: number } {
  const wanted = text.toLowerCase();
  const nodes: LayoutNode[] = [];
  let more = 0;
  const take = (make: () => LayoutNode): void => {
    if (nodes.length < most) nodes.push(make());
    else more++;
  };
  model.regions.forEach((region, i) =>
    region.protections.forEach((protection, j) =>
      protection.sections.forEach((section, k) => {
        const id = `${i}/${j}/${k}`;
        if (section.name.toLowerCase().includes(wanted)) take(() => sectionNode(model, id, i, section, sort));
        for (let symbol = section.symbols[0]; symbol < section.symbols[1]; symbol++)
          if (model.symbols.names[symbol]?.toLowerCase().includes(wanted))
            take(() => symbolNode(model, `${id}/${symbol}`, i, section, symbol));
      }),
    ),
  );
  return { nodes: sorted(nodes, sort), more };
}

/** The id of a symbol, or of a section when `symbol` is ''; null when the layout has none. */
export function idOf(model: LayoutModel, section: string, symbol: string): string | null {
  for (const [i, region] of model.regions.entries())
    for (const [j, protection] of region.protections.entries())
      for (const [k, candidate] of protection.sections.entries()) {
        if (candidate.name !== section) continue;
        if (symbol === '') return `${i}/${j}/${k}`;
        const at = model.symbols.names.indexOf(symbol, candidate.symbols[0]);
        if (at >= 0 && at < candidate.symbols[1]) return `${i}/${j}/${k}/${at}`;
      }
  return null;
}

/** The node of an id, or the innermost around it that is still there; null for none. */
export function nodeAt(model: LayoutModel, id: string): LayoutNode | null {
  if (id === '') return null;
  const [i = 0, j = -1, k = -1, last = ''] = id
    .split('/')
    .map((part, at) => (at < 3 ? Number(part) : part)) as PathParts;
  const protection = model.regions[i]?.protections[j];
  if (!protection) return regionNodes(model, 'offset')[i] ?? null;
  const section = protection.sections[k];
  if (!section) return protectionNode(model, i, j, protection, 'offset');
  const node = sectionNode(model, `${i}/${j}/${k}`, i, section, 'offset');
  if (last.startsWith('group')) return node.children().find(child => child.id === id) ?? node;
  const [from, to] = section.symbols;
  const symbol = last === '' ? -1 : Number(last);
  return symbol >= from && symbol < to ? symbolNode(model, id, i, section, symbol) : node;
}

type PathParts = [region?: number, protection?: number, section?: number, symbolOrGroup?: string];

/** Whether a node lies above an id. */
export function holds(node: LayoutNode, id: string): boolean {
  if (node.kind === 'group') return node.children().some(child => child.id === id);
  return id.startsWith(`${node.id}/`);
}
