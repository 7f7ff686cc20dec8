// Module memory drawn to scale: regions, pages, sections, and what is wasted between them.
import { html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LayoutModel, LayoutProtection, LayoutRegion } from '../../src/protocol/view';
import { bytesText, grouped } from '../text';
import { nodeAt, type Span } from './nodes';
import { t } from '../l10n';

/** Height of a row in pixels, and what is between rows. */
const ROW = 22;
const GAP = 3;
/** Rows a region has at most: larger ones put more pages on a row. */
const ROWS = 24;

/** Fires `node-select` with the id of a section. */
@customElement('insmod-lens-memory-map')
export class MemoryMap extends LitElement {
  @property({ attribute: false }) accessor model!: LayoutModel;
  @property() accessor selected = '';
  /** Of a row in pixels: as wide as there is room for. */
  @state() private accessor width = 640;
  private readonly resizing = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width > 0) this.width = width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const selected = nodeAt(this.model, this.selected)?.span ?? null;
    return html`${this.model.regions.map((region, i) => this.region(region, i, selected))}`;
  }

  private region(region: LayoutRegion, index: number, selected: Span | null): TemplateResult {
    const { pageSize } = this.model;
    const scale = rowsOf(region, pageSize, this.width);
    const height = scale.rows * (ROW + GAP);
    const pages = Math.ceil(region.size / pageSize);
    const name = [
      region.name,
      bytesText(region.size),
      pagesText(pages),
      t('{0} unused', grouped(region.padding)),
      ...(region.init ? [t('freed after init')] : []),
    ].join(', ');
    return html`<figure class=${region.init ? 'region freed' : 'region'}>
      <figcaption>
        <strong>${region.name}</strong>
        <span>${bytesText(region.size)}, ${pagesText(pages)}</span>
        <span>${t('{0} unused', grouped(region.padding))}</span>
        ${region.init ? html`<span class="tag">${t('freed after init')}</span>` : ''}
        ${scale.pagesPerRow > 1 ? html`<span>${t('{0} pages a row', grouped(scale.pagesPerRow))}</span>` : ''}
      </figcaption>
      <svg
        class="map"
        viewBox=${`0 0 ${this.width} ${Math.max(height, ROW)}`}
        role="listbox"
        tabindex="0"
        aria-label=${name}
        aria-activedescendant=${selected?.region === index ? `map-${index}-${sectionId(this.selected)}` : ''}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, index)}
      >
        <defs>
          <pattern
            id=${`waste-${index}`}
            width="5"
            height="5"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line class="hatch" x1="0" y1="0" x2="0" y2="5" />
          </pattern>
        </defs>
        <g aria-hidden="true">${pagesOf(region, scale, pageSize, index)}</g>
        ${region.protections.map((protection, j) => this.protection(protection, index, j, scale))}
        ${selected?.region === index ? mark(selected, scale) : ''}
      </svg>
    </figure>`;
  }

  private protection(protection: LayoutProtection, i: number, j: number, scale: Scale): SVGTemplateResult[] {
    return protection.sections.map((section, k) => {
      const id = `${i}/${j}/${k}`;
      const chosen = sectionId(this.selected) === id;
      const parts = rectangles(section.offset, section.size, scale);
      const title = `${section.name}: ${bytesText(section.size)}, ${protection.protection} ${protection.kind}`;
      const widest = parts.reduce((best, part) => (part.width > best.width ? part : best), parts[0] ?? EMPTY);
      return svg`<g
        id=${`map-${i}-${id}`}
        role="option"
        aria-selected=${chosen ? 'true' : 'false'}
        aria-label=${title}
        class=${`section ${protection.kind}${chosen ? ' chosen' : ''}`}
        data-id=${id}
        @click=${() => this.choose(id)}
      >
        <title>${title}</title>
        ${parts.map(
          ({ x, y, width }) =>
            svg`<rect class="under" x=${x} y=${y} width=${width} height=${ROW} />
              <rect class="bytes" x=${x} y=${y} width=${Math.max(width, 0.6)} height=${ROW} />`,
        )}
        ${
          widest.width > 6.5 * section.name.length + 8
            ? svg`<text aria-hidden="true" x=${widest.x + 4} y=${widest.y + ROW - 7}>${section.name}</text>`
            : ''
        }
      </g>`;
    });
  }

  private choose(id: string): void {
    this.selected = id;
    this.dispatchEvent(new CustomEvent('node-select', { detail: id, bubbles: true }));
  }

  private onKey(event: KeyboardEvent, index: number): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const edge = { Home: 0, End: -1 }[event.key];
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const ids = (this.model.regions[index]?.protections ?? []).flatMap(({ sections }, j) =>
      sections.map((_, k) => `${index}/${j}/${k}`),
    );
    const at = ids.indexOf(sectionId(this.selected));
    const next = edge === undefined ? ids[Math.min(ids.length - 1, Math.max(0, at + (step ?? 0)))] : ids.at(edge);
    if (next !== undefined) this.choose(next);
  }
}

function pagesText(pages: number): string {
  return pages === 1 ? t('{0} page', 1) : t('{0} pages', grouped(pages));
}

/** The section of an id that may name a symbol in it. */
const sectionId = (id: string): string => id.split('/').slice(0, 3).join('/');

interface Scale {
  readonly width: number;
  readonly pagesPerRow: number;
  readonly bytesPerRow: number;
  readonly rows: number;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const EMPTY: Rectangle = { x: 0, y: 0, width: 0 };

function rowsOf({ size }: LayoutRegion, pageSize: number, width: number): Scale {
  const pages = Math.max(1, Math.ceil(size / pageSize));
  let pagesPerRow = 1;
  while (pages / pagesPerRow > ROWS) pagesPerRow *= 2;
  return { width, pagesPerRow, bytesPerRow: pagesPerRow * pageSize, rows: Math.ceil(pages / pagesPerRow) };
}

/** The pieces of a run of bytes, row by row. */
function rectangles(offset: number, size: number, { bytesPerRow, width }: Scale): Rectangle[] {
  const parts: Rectangle[] = [];
  let at = offset;
  const end = offset + size;
  do {
    const row = Math.floor(at / bytesPerRow);
    const stop = Math.min(end, (row + 1) * bytesPerRow);
    const x = ((at - row * bytesPerRow) / bytesPerRow) * width;
    parts.push({ x, y: row * (ROW + GAP), width: ((stop - at) / bytesPerRow) * width });
    at = stop;
  } while (at < end);
  return parts;
}

/** Pages as boxes full of waste: what is used is drawn over them. */
function pagesOf({ size }: LayoutRegion, scale: Scale, pageSize: number, index: number): SVGTemplateResult[] {
  const rounded = Math.ceil(size / pageSize) * pageSize;
  const rows = rectangles(0, rounded, scale);
  // Page borders closer than that would only make the picture grey.
  const pageWidth = scale.width / scale.pagesPerRow;
  const borders = pageWidth < 8 ? [] : Array.from({ length: Math.ceil(rounded / pageSize) }, (_, page) => page);
  return [
    ...rows.map(
      ({ x, y, width }) =>
        svg`<rect class="page" x=${x} y=${y} width=${width} height=${ROW} fill=${`url(#waste-${index})`} />`,
    ),
    ...borders.map(page => {
      const x = (page % scale.pagesPerRow) * pageWidth;
      const y = Math.floor(page / scale.pagesPerRow) * (ROW + GAP);
      return svg`<line class="border" x1=${x} x2=${x} y1=${y} y2=${y + ROW} />`;
    }),
  ];
}

/** An outline around what is selected. */
function mark({ offset, size }: Span, scale: Scale): SVGTemplateResult[] {
  return rectangles(offset, size, scale).map(
    ({ x, y, width }) =>
      svg`<rect aria-hidden="true" class="mark" x=${x} y=${y} width=${Math.max(width, 1.5)} height=${ROW} />`,
  );
}
