// Every relocation in the order of apply_relocations(), and the bytes around the one that is opened.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RelocationBytes, StepsModel } from '../../src/protocol/view';
import type { Host } from '../host';
import type { TableModel } from '../table/model';
import '../table/table';
import { grouped } from '../text';
import { markedBytes } from './markedBytes';
import { relocationTable } from './relocationRows';
import { t } from '../l10n';

@customElement('insmod-lens-relocation-list')
export class RelocationList extends LitElement {
  @property({ attribute: false }) accessor host!: Host;
  @property({ attribute: false }) accessor steps!: StepsModel;
  @property({ type: Number }) accessor target = 0;
  /** Under which filter and order are kept. */
  @property() accessor name = '';
  @state() private accessor opened: { readonly index: number; readonly bytes: RelocationBytes | null } | null = null;
  @state() private accessor problem: string | null = null;
  private model: TableModel | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('steps')) return;
    const { relocations, sectionNames } = this.steps;
    this.model = relocationTable(relocations, sectionNames, index => void this.open(index));
    this.opened = this.problem = null;
  }

  private async open(index: number): Promise<void> {
    const { steps, target } = this;
    try {
      const bytes = await this.host.request('relocation', { target, index });
      if (steps === this.steps) this.opened = { index, bytes };
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private close(): void {
    this.opened = null;
    this.querySelector<HTMLElement>('[role=grid]')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (!model) return nothing;
    if (model.rowCount === 0) return html`<p>${t('The module has no relocations that are applied.')}</p>`;
    return html`
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      <section class="table">
        <insmod-lens-table
          .name=${this.name}
          label=${t('Relocations')}
          .host=${this.host}
          .model=${model}
        ></insmod-lens-table>
        <div aria-live="polite">${this.detail(model)}</div>
      </section>
    `;
  }

  private detail(model: TableModel): TemplateResult | typeof nothing {
    if (!this.opened) return nothing;
    const { index, bytes } = this.opened;
    const [, section, offset, type, symbol, addend] = model.columns.map((_, column) => model.cell(index, column));
    const value = addend?.startsWith('-') ? `${symbol} - ${addend.slice(1)}` : `${symbol} + ${addend}`;
    const what = `${section} + ${offset}: ${t('{0} of {1}', type ?? '', value)}`;
    return html`<div class="bytes" role="group" aria-label=${t('Relocation {0}', index)}>
      <div class="what"><strong>#${grouped(index)}</strong> <span class="mono">${what}</span></div>
      ${bytes ? markedBytes(bytes) : html`<p>${t('The section it is in is not kept in memory, or the entry was not tried.')}</p>`}
      <vscode-button appearance="secondary" @click=${() => this.close()}>${t('Close')}</vscode-button>
    </div>`;
  }
}
