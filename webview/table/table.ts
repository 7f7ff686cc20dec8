// A table of any length: a text to filter by, buttons to copy, and the grid.
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { MOST_SENT } from '../../src/protocol/viewMessages';
import type { Host } from '../host';
import { grouped } from '../text';
import { copySteps, type CopyForm } from './copy';
import { Grid } from './grid';
import type { TableModel, TableOrder } from './model';
import { filterSteps, shownSteps, sortSteps } from './order';
import { inSlices } from './slices';
import { t } from '../l10n';

/** Quiet after the last key before the rows are searched, in milliseconds. */
const QUIET = 150;

/** Pixels of the window that stay free below a table. */
const MARGIN = 28;

@customElement('insmod-lens-table')
export class Table extends LitElement {
  @property({ attribute: false }) accessor model!: TableModel;
  @property({ attribute: false }) accessor host!: Host;
  /** Under which filter and order are kept. */
  @property() accessor name = '';
  @property() accessor label = '';
  @state() private accessor filter = '';
  @state() private accessor count = '';
  private order: TableOrder | null = null;
  private grid: Grid | null = null;
  /** All rows of `model` in order, and those that were found; undefined while it is not worked out. */
  private sorted: Uint32Array | null | undefined;
  private found: Uint8Array | null | undefined;
  private rows: Uint32Array = new Uint32Array(0);
  private searching = new AbortController();
  private copying = new AbortController();
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private readonly resized = new ResizeObserver(() => this.takeRoom());
  private readonly onWindow = (): void => this.takeRoom();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('resize', this.onWindow);
    if (this.parentElement) this.resized.observe(this.parentElement);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('resize', this.onWindow);
    this.resized.disconnect();
    this.searching.abort();
    this.copying.abort();
  }

  protected override render(): TemplateResult {
    const what = t('Filter {0}', this.label.toLowerCase());
    return html`
      <div class="toolbar">
        <vscode-text-field
          class="search"
          placeholder=${what}
          aria-label=${what}
          .value=${this.filter}
          @input=${(event: Event) => this.onFilter((event.target as HTMLInputElement).value)}
        ></vscode-text-field>
        <span class="count note" role="status" aria-live="polite">${this.count}</span>
        <vscode-button appearance="secondary" @click=${() => this.copy('tsv')}>${t('Copy')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => this.copy('markdown')}
          >${t('Copy as Markdown')}</vscode-button
        >
      </div>
      <div class="grid" role="grid" tabindex="0" aria-multiselectable="true" aria-label=${this.label}></div>
    `;
  }

  protected override firstUpdated(): void {
    this.filter = this.host.recall<string>(`${this.name}.filter`, '');
    const kept = this.host.recall<Partial<TableOrder>>(`${this.name}.order`, {});
    if (typeof kept.key === 'string') this.order = { key: kept.key, descending: kept.descending === true };
    const element = this.querySelector<HTMLElement>('.grid');
    if (!element) return;
    this.grid = new Grid(element, this.name, {
      sortBy: column => this.sortBy(column),
      copy: () => this.copySelected(),
    });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('model')) {
      this.sorted = this.found = undefined;
      void this.arrange();
    }
    this.takeRoom();
  }

  /** As much of the window as is left between what stands above the table and what stands below. */
  private takeRoom(): void {
    const element = this.querySelector<HTMLElement>('.grid');
    if (!element || !this.parentElement || this.offsetParent === null) return;
    const above = element.getBoundingClientRect().top + window.scrollY;
    const below = this.parentElement.getBoundingClientRect().bottom - this.getBoundingClientRect().bottom;
    element.style.setProperty('--room', `${Math.floor(window.innerHeight - above - below - MARGIN)}px`);
  }

  /** Works out what is not, and shows it; what is shown stays until then. */
  private async arrange(): Promise<void> {
    this.searching.abort();
    this.searching = new AbortController();
    const { signal } = this.searching;
    const { model, order } = this;
    const column = model.columns.findIndex(({ key }) => key === order?.key);
    const rows = await inSlices(this.arrangeSteps(model, column, order?.descending === true), signal);
    if (rows === null) return;
    this.rows = rows;
    this.grid?.show(model, rows, column < 0 ? null : order);
    this.count = t('{0} of {1} rows', grouped(rows.length), grouped(model.rowCount));
  }

  /** What an earlier turn has worked out is not worked out again. */
  private *arrangeSteps(model: TableModel, column: number, descending: boolean): Generator<void, Uint32Array> {
    if (this.found === undefined) this.found = yield* filterSteps(model, this.filter);
    if (this.sorted === undefined) this.sorted = column < 0 ? null : yield* sortSteps(model, column, descending);
    return yield* shownSteps(model.rowCount, this.sorted, this.found);
  }

  private onFilter(text: string): void {
    this.filter = text;
    this.host.keep(`${this.name}.filter`, text);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.found = undefined;
      void this.arrange();
    }, QUIET);
  }

  /** Upwards, then downwards, then as the rows are by themselves. */
  private sortBy(column: number): void {
    const key = this.model.columns[column]?.key ?? '';
    if (this.order?.key !== key) this.order = { key, descending: false };
    else this.order = this.order.descending ? null : { key, descending: true };
    this.host.keep(`${this.name}.order`, this.order ? { ...this.order } : {});
    this.sorted = undefined;
    void this.arrange();
  }

  private copy(form: CopyForm): void {
    void this.send(copySteps(this.model, this.rows, form), this.rows.length);
  }

  private copySelected(): void {
    const rows = this.grid?.selected ?? this.rows;
    if (rows.length > 0) void this.send(copySteps(this.model, rows, 'tsv', true), rows.length);
  }

  private async send(steps: Generator<void, string>, rows: number): Promise<void> {
    this.copying.abort();
    this.copying = new AbortController();
    const text = await inSlices(steps, this.copying.signal);
    if (text === null) return;
    const tooLong = text.length > MOST_SENT;
    if (!tooLong) this.host.send({ kind: 'copy', text });
    const count = grouped(rows);
    this.count = tooLong
      ? t('{0} rows are too much to copy: filter first', count)
      : rows === 1
        ? t('{0} row copied', count)
        : t('{0} rows copied', count);
  }
}
