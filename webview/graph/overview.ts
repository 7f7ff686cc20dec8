// All modules of a target: searched, sorted, and walked with the keys; only rows that are seen have elements.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Host } from '../host';
import { grouped } from '../text';
import { overviewRows, type OverviewModel, type OverviewOrder } from './overviewModel';

/** Pixels; the style sheet has the same. */
const ROW_HEIGHT = 22;
const OVERSCAN = 8;

@customElement('insmod-lens-graph-overview')
export class Overview extends LitElement {
  @property({ attribute: false }) accessor model!: OverviewModel;
  @property({ attribute: false }) accessor host!: Host;
  /** Under which filter and order are kept. */
  @property() accessor name = '';
  @property() accessor label = '';
  @state() private accessor filter = '';
  @state() private accessor order: OverviewOrder | null = null;
  /** Of the rows shown, the one the keys are at. */
  @state() private accessor active = 0;
  private rows: Uint32Array = new Uint32Array(0);
  private virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  private unmount: (() => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unmount?.();
    this.virtualizer = this.unmount = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.filter = this.host.recall<string>(`${this.name}.filter`, '');
    const kept = this.host.recall<Partial<OverviewOrder>>(`${this.name}.order`, {});
    if (typeof kept.key === 'string') this.order = { key: kept.key, descending: kept.descending === true };
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('model') && !changed.has('filter') && !changed.has('order')) return;
    const before = this.rows[this.active];
    this.rows = overviewRows(this.model, this.filter, this.order);
    // Whoever looks for something wants to see what comes first; news leave the keys at the row they are at.
    const isAsked = changed.has('filter') || changed.has('order');
    this.active = isAsked || before === undefined ? 0 : Math.max(this.rows.indexOf(before), 0);
  }

  protected override render(): TemplateResult {
    const { model, rows, virtualizer } = this;
    const drawn = virtualizer?.getVirtualIndexes().filter(position => position < rows.length) ?? [];
    const hasActive = this.active < rows.length;
    const places = hasActive && !drawn.includes(this.active) ? [...drawn, this.active] : drawn;
    return html`
      <div class="toolbar">
        <vscode-text-field
          class="search"
          placeholder="Filter modules"
          aria-label="Filter modules"
          .value=${this.filter}
          @input=${(event: Event) => this.onFilter((event.target as HTMLInputElement).value)}
        ></vscode-text-field>
        <span class="note" role="status">${grouped(rows.length)} of ${grouped(model.rowCount)} modules</span>
      </div>
      <div
        class="modules"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-rowcount=${rows.length + 1}
        aria-activedescendant=${hasActive ? `module-row-${this.active}` : nothing}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      >
        <div class="head" role="row" aria-rowindex="1">${model.columns.map((_, column) => this.headCell(column))}</div>
        <div class="rows" role="rowgroup">${places.map(position => this.row(position))}</div>
      </div>
    `;
  }

  private headCell(column: number): TemplateResult {
    const { key, title, align } = this.model.columns[column] ?? { key: '', title: '' };
    const isSorted = this.order?.key === key;
    const descending = this.order?.descending === true;
    return html`<div
      role="columnheader"
      class=${align === 'end' ? 'cell end' : 'cell'}
      aria-sort=${isSorted ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" @click=${() => this.sortBy(key)}>
        ${title} <span aria-hidden="true">${isSorted ? (descending ? '▼' : '▲') : ''}</span>
      </button>
    </div>`;
  }

  private row(position: number): TemplateResult {
    const { model } = this;
    const row = this.rows[position] ?? 0;
    return html`<div
      id=${`module-row-${position}`}
      role="row"
      class=${position === this.active ? 'row active' : 'row'}
      data-position=${position}
      aria-rowindex=${position + 2}
      aria-selected=${position === this.active ? 'true' : 'false'}
      @click=${() => (this.active = position)}
      @dblclick=${() => model.action(row)}
    >
      ${model.columns.map(({ align, mono }, column) => {
        const tone = model.tone(row, column);
        return html`<div
          role="gridcell"
          class=${['cell', align === 'end' ? 'end' : '', mono ? 'mono' : '', tone].join(' ')}
        >
          ${model.cell(row, column)}
        </div>`;
      })}
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    const element = this.querySelector<HTMLElement>('.modules');
    const body = this.querySelector<HTMLElement>('.rows');
    if (!element || !body) return;
    body.style.height = `${this.rows.length * ROW_HEIGHT}px`;
    for (const row of body.querySelectorAll<HTMLElement>('.row'))
      row.style.transform = `translateY(${Number(row.dataset['position']) * ROW_HEIGHT}px)`;
    if (!this.virtualizer) {
      this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
        count: this.rows.length,
        overscan: OVERSCAN,
        getScrollElement: () => element,
        estimateSize: () => ROW_HEIGHT,
        scrollToFn: elementScroll,
        observeElementRect,
        observeElementOffset,
        onChange: () => this.requestUpdate(),
      });
      this.unmount = this.virtualizer._didMount();
      this.virtualizer._willUpdate();
    } else if (this.virtualizer.options.count !== this.rows.length) {
      this.virtualizer.setOptions({ ...this.virtualizer.options, count: this.rows.length });
      this.virtualizer._willUpdate();
      this.requestUpdate();
    }
    const isAsked = changed.has('filter') || changed.has('order');
    if (isAsked) element.scrollTop = 0;
    else if (changed.has('active') && !changed.has('model'))
      body.querySelector('.row.active')?.scrollIntoView({ block: 'nearest' });
  }

  private onFilter(text: string): void {
    this.filter = text;
    this.host.keep(`${this.name}.filter`, text);
  }

  /** Upwards, then downwards, then by name again. */
  private sortBy(key: string): void {
    if (this.order?.key !== key) this.order = { key, descending: false };
    else this.order = this.order.descending ? null : { key, descending: true };
    this.host.keep(`${this.name}.order`, this.order ? { ...this.order } : {});
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return;
    const last = this.rows.length - 1;
    const page = Math.max(Math.floor((event.currentTarget as HTMLElement).clientHeight / ROW_HEIGHT) - 2, 1);
    const to = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: last,
    }[event.key];
    const row = this.rows[this.active];
    if (to !== undefined) this.active = Math.min(Math.max(to, 0), Math.max(last, 0));
    else if (event.key === 'Enter' && row !== undefined) this.model.action(row);
    else return;
    event.preventDefault();
  }
}
