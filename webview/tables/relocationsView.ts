// The relocations tab: what apply_relocations() did, entry by entry, and the bytes around any of them.
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RelocationBytes, StepsModel } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import '../table/table';
import { grouped } from '../text';
import { View } from '../view';
import { markedBytes } from './markedBytes';
import { relocationTable } from './relocationRows';

@customElement('insmod-lens-relocations')
export class RelocationsView extends View {
  @state() private accessor steps: StepsModel | null = null;
  @state() private accessor opened: { readonly index: number; readonly bytes: RelocationBytes | null } | null = null;
  private model: TableModel | null = null;

  protected override async load(): Promise<void> {
    const { target, summary } = this;
    const steps = await this.host.request('steps', { target });
    // Another kernel was chosen meanwhile, or the module was built anew.
    if (target !== this.target || summary !== this.summary) return;
    this.model =
      steps.relocations && relocationTable(steps.relocations, steps.sectionNames, index => void this.open(index));
    this.opened = null;
    this.steps = steps;
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

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const { steps, model } = this;
    if (!steps) return html`<vscode-progress-ring aria-label="Reading relocations"></vscode-progress-ring>`;
    if (!model) {
      const refused = steps.stages.find(({ outcome }) => outcome === 'refused')?.name ?? 'an early stage';
      return html`<p>
        ${steps.release} refuses the module in ${refused} (${steps.errnoName}), before relocations are applied.
      </p>`;
    }
    if (model.rowCount === 0) return html`<p>The module has no relocations that are applied.</p>`;
    return html`
      <section class="table">
        <insmod-lens-table
          name="relocations"
          label="Relocations"
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
    const what = `${section} + ${offset}: ${type} of ${value}`;
    return html`<div class="bytes" role="group" aria-label=${`Relocation ${index}`}>
      <div class="what"><strong>#${grouped(index)}</strong> <span class="mono">${what}</span></div>
      ${bytes ? markedBytes(bytes) : html`<p>The section it is in is not kept in memory, or the entry was not tried.</p>`}
      <vscode-button appearance="secondary" @click=${() => this.close()}>Close</vscode-button>
    </div>`;
  }
}
