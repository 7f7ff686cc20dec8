// The layout tab: tree and memory map of the module on one kernel, or on two side by side.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { LayoutModel, SourceSubject } from '../../src/protocol/view';
import type { HostEvent } from '../host';
import { saveMap } from './saveMap';
import { bytesText, grouped, signed } from '../text';
import { View } from '../view';
import './layoutTree';
import './memoryMap';
import { layoutMarkdown } from './layoutMarkdown';
import { idOf, nodeAt, type LayoutNode, type SortKey } from './nodes';
import { t } from '../l10n';

const SORTS: Readonly<Record<SortKey, string>> = {
  offset: t('by address'),
  size: t('by size'),
  name: t('by name'),
};

@customElement('insmod-lens-layout')
export class LayoutView extends View {
  @state() private accessor models: readonly LayoutModel[] = [];
  @state() private accessor sort: SortKey = 'offset';
  @state() private accessor search = '';
  @state() private accessor selected = '';
  /** Asked for from outside before there was a layout. */
  private wanted: Extract<HostEvent, { kind: 'reveal' }> | null = null;

  protected override async load(): Promise<void> {
    const targets = this.compared < 0 ? [this.target] : [this.target, this.compared];
    this.models = await Promise.all(targets.map(target => this.host.request('layout', { target })));
    if (this.wanted) this.obey(this.wanted);
  }

  override obey(event: HostEvent): void {
    if (event.kind !== 'reveal') return;
    const [model] = this.models;
    this.wanted = model ? null : event;
    if (!model) return;
    const id = idOf(model, event.section, event.symbol);
    if (id !== null) {
      this.search = '';
      this.select(id);
    }
    this.host.send({ kind: 'obeyed' });
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.selected = this.host.recall<string>('layout.selected', '');
    this.search = this.host.recall<string>('layout.search', '');
    const sort = this.host.recall<string>('layout.sort', 'offset');
    this.sort = sort === 'size' || sort === 'name' ? sort : 'offset';
  }

  private select(id: string): void {
    this.selected = id;
    this.host.keep('layout.selected', id);
  }

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    if (this.models.length === 0)
      return html`<vscode-progress-ring aria-label=${t('Laying out')}></vscode-progress-ring>`;
    return html`
      <div class="toolbar">
        <vscode-text-field
          class="search"
          placeholder=${t('Search sections and symbols')}
          aria-label=${t('Search sections and symbols')}
          .value=${this.search}
          @input=${(event: Event) => this.onSearch((event.target as HTMLInputElement).value)}
        ></vscode-text-field>
        <vscode-dropdown
          aria-label=${t('Order')}
          .value=${this.sort}
          @change=${(event: Event) => this.onSort((event.target as HTMLSelectElement).value as SortKey)}
        >
          ${Object.entries(SORTS).map(([key, title]) => html`<vscode-option value=${key}>${title}</vscode-option>`)}
        </vscode-dropdown>
        <vscode-button
          appearance="secondary"
          title=${t('Go to the source of what is selected (F12)')}
          ?disabled=${!this.subject()}
          @click=${() => this.openSource(this.subject())}
          >${t('Go to source')}</vscode-button
        >
        <vscode-button appearance="secondary" @click=${() => this.copy()}>${t('Copy as Markdown')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => saveMap(this, this.host, this.summary.name, 'svg')}
          >${t('Save map as SVG')}</vscode-button
        >
        <vscode-button appearance="secondary" @click=${() => saveMap(this, this.host, this.summary.name, 'png')}
          >${t('Save map as PNG')}</vscode-button
        >
      </div>
      <div class=${this.models.length > 1 ? 'panes two' : 'panes'}>${this.models.map(model => this.pane(model))}</div>
    `;
  }

  private pane(model: LayoutModel): TemplateResult {
    const name = t('Layout of {0} on {1}', this.summary.name, model.release);
    return html`<section class="pane" aria-label=${name} data-release=${model.release}>
      ${this.models.length > 1 ? html`<h2>${model.release}</h2>` : nothing}
      ${model.regions.length === 0 ? nothing : [totals(model), growth(model)]}
      ${
        model.regions.length === 0
          ? html`<p>
              ${t(
                '{0} refuses the module in {1} ({2}), before memory is laid out.',
                model.release,
                model.refusedBy ?? t('an early stage'),
                model.errnoName ?? '',
              )}
            </p>`
          : html`<div
              class="layout"
              @node-select=${(event: CustomEvent<string>) => this.select(event.detail)}
              @node-open=${(event: CustomEvent<LayoutNode>) => this.openSource(event.detail.subject)}
            >
              <insmod-lens-layout-tree
                .model=${model}
                .sort=${this.sort}
                .search=${this.search}
                .selected=${this.selected}
                .label=${name}
              ></insmod-lens-layout-tree>
              <div class="beside">
                ${this.legend()}
                <insmod-lens-memory-map .model=${model} .selected=${this.selected}></insmod-lens-memory-map>
              </div>
            </div>`
      }
    </section>`;
  }

  private legend(): TemplateResult {
    const kinds = [
      ['text', 'r-x text'],
      ['rodata', 'r-- rodata'],
      ['ro_after_init', t('r-- after init')],
      ['data', 'rw- data'],
      ['percpu', 'per-CPU'],
      ['unused', t('unused')],
    ] as const;
    return html`<ul class="legend" aria-label=${t('Colors of the map')}>
      ${kinds.map(([kind, title]) => html`<li><span class=${`swatch ${kind}`}></span>${title}</li>`)}
    </ul>`;
  }

  /** What is selected, if it can have a place in the source. */
  private subject(): SourceSubject | null {
    const [model] = this.models;
    return (model && nodeAt(model, this.selected)?.subject) ?? null;
  }

  private openSource(subject: SourceSubject | null): void {
    if (subject) this.host.send({ kind: 'open-source', subject });
  }

  private onSearch(text: string): void {
    this.search = text.trim();
    this.host.keep('layout.search', this.search);
  }

  private onSort(sort: SortKey): void {
    this.sort = sort;
    this.host.keep('layout.sort', sort);
  }

  private copy(): void {
    const text = this.models.map(model => layoutMarkdown(this.summary.name, model)).join('\n');
    this.host.send({ kind: 'copy', text });
  }
}

function totals({ coresize, initsize, regions, symbols, pageSize }: LayoutModel): TemplateResult {
  const padding = regions.reduce((total, region) => total + region.padding, 0);
  const pages = regions.reduce((total, { size }) => total + Math.ceil(size / pageSize), 0);
  return html`<dl class="totals">
    <div>
      <dt>${t('core')}</dt>
      <dd data-total="coresize" data-value=${coresize}>${bytesText(coresize)}</dd>
    </div>
    <div>
      <dt>${t('init')}</dt>
      <dd data-total="initsize" data-value=${initsize}>${bytesText(initsize)}</dd>
    </div>
    <div>
      <dt>${t('pages')}</dt>
      <dd>${grouped(pages)} × ${bytesText(pageSize)}</dd>
    </div>
    <div>
      <dt>${t('unused')}</dt>
      <dd data-total="padding" data-value=${padding}>${bytesText(padding)}</dd>
    </div>
    <div>
      <dt>${t('symbols')}</dt>
      <dd>${grouped(symbols.names.length)}</dd>
    </div>
  </dl>`;
}

/** Entries of what grew that are listed. */
const MOST_GROWN = 50;

function growth({ growth: grown }: LayoutModel): TemplateResult | typeof nothing {
  if (!grown) return nothing;
  if (grown.entries.length === 0)
    return html`<p class="growth">${t('Nothing grew or shrank since the last build.')}</p>`;
  const { entries, coresize, initsize } = grown;
  const change = [signed(coresize), signed(initsize), grouped(entries.length)] as const;
  return html`<details class="growth">
    <summary>
      ${
        entries.length === 1
          ? t('Since the last build: core {0}, init {1} bytes; {2} size changed', ...change)
          : t('Since the last build: core {0}, init {1} bytes; {2} sizes changed', ...change)
      }
    </summary>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('section')}</th>
          <th scope="col">${t('symbol')}</th>
          <th scope="col">${t('before')}</th>
          <th scope="col">${t('now')}</th>
          <th scope="col">${t('change')}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.slice(0, MOST_GROWN).map(
          ({ section, symbol, before, after }) =>
            html`<tr>
              <td>${section}</td>
              <td>${symbol}</td>
              <td class="number">${before === null ? t('not there') : grouped(before)}</td>
              <td class="number">${after === null ? t('gone') : grouped(after)}</td>
              <td class="number">${signed((after ?? 0) - (before ?? 0))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${entries.length > MOST_GROWN ? html`<p>${t('{0} smaller changes are not listed.', entries.length - MOST_GROWN)}</p>` : nothing}
  </details>`;
}
