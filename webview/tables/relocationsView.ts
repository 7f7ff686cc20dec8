// The relocations tab: what apply_relocations() did, entry by entry.
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { StepsModel } from '../../src/protocol/view';
import { View } from '../view';
import { t } from '../l10n';
import './relocationList';

@customElement('insmod-lens-relocations')
export class RelocationsView extends View {
  @state() private accessor steps: StepsModel | null = null;

  protected override async load(): Promise<void> {
    const { target, summary } = this;
    const steps = await this.host.request('steps', { target });
    // Another kernel was chosen meanwhile, or the module was built anew.
    if (target === this.target && summary === this.summary) this.steps = steps;
  }

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const { steps, target } = this;
    if (!steps) return html`<vscode-progress-ring aria-label=${t('Reading relocations')}></vscode-progress-ring>`;
    const refused = steps.stages.find(({ outcome }) => outcome === 'refused')?.name ?? t('an early stage');
    const refusal = [steps.release, refused, steps.errnoName ?? ''] as const;
    const { tried, target: all } = steps.relocations;
    const untried =
      tried === all.length
        ? nothing
        : html`<p class="note">
            ${
              tried === 0
                ? t('{0} refuses the module in {1} ({2}): no entry is applied.', ...refusal)
                : t('{0} refuses the module in {1} ({2}): entries from {3} on are not applied.', ...refusal, tried)
            }
          </p>`;
    return html`${untried}<insmod-lens-relocation-list
        name="relocations"
        .host=${this.host}
        .steps=${steps}
        .target=${target}
      ></insmod-lens-relocation-list>`;
  }
}
