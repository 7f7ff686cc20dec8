// The step by step tab: the stages of load_module() as a timeline, on one kernel or on two side by side.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { StepsModel } from '../../src/protocol/view';
import { View } from '../view';
import './stageView';
import { stepsMarkdown } from './stepsMarkdown';
import { t } from '../l10n';
import './timeline';

@customElement('insmod-lens-steps')
export class StepsView extends View {
  @state() private accessor models: readonly StepsModel[] = [];
  /** Name of the stage looked at; '' until one was chosen. */
  @state() private accessor stage = '';

  protected override async load(): Promise<void> {
    const targets = this.compared < 0 ? [this.target] : [this.target, this.compared];
    this.models = await Promise.all(targets.map(target => this.host.request('steps', { target })));
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.stage = this.host.recall<string>('steps.stage', '');
  }

  /** The stage kept in mind; where there is none of that name, the one that refused, else the first. */
  private indexIn({ stages }: StepsModel): number {
    const index = stages.findIndex(({ name }) => name === this.stage);
    const refusing = stages.findIndex(({ outcome }) => outcome === 'refused');
    return index >= 0 ? index : Math.max(0, refusing);
  }

  private show(stage: string): void {
    this.stage = stage;
    this.host.keep('steps.stage', stage);
  }

  private walk(to: (index: number, last: number) => number): void {
    const [model] = this.models;
    if (!model) return;
    const last = model.stages.length - 1;
    const stage = model.stages[Math.min(last, Math.max(0, to(this.indexIn(model), last)))];
    if (stage) this.show(stage.name);
  }

  protected override render(): TemplateResult {
    if (this.problem !== null) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const [first] = this.models;
    if (!first) return html`<vscode-progress-ring aria-label=${t('Walking through')}></vscode-progress-ring>`;
    const index = this.indexIn(first);
    const last = first.stages.length - 1;
    return html`
      <div class="toolbar" role="toolbar" aria-label=${t('Walk through the stages')}>
        <vscode-button appearance="secondary" ?disabled=${index === 0} @click=${() => this.walk(() => 0)}
          >${t('First')}</vscode-button
        >
        <vscode-button ?disabled=${index === 0} @click=${() => this.walk(at => at - 1)}>${t('◀ Back')}</vscode-button>
        <vscode-button ?disabled=${index === last} @click=${() => this.walk(at => at + 1)}
          >${t('Forward ▶')}</vscode-button
        >
        <vscode-button appearance="secondary" ?disabled=${index === last} @click=${() => this.walk((_, end) => end)}
          >${t('Last')}</vscode-button
        >
        <span class="position" role="status">${t('stage {0} of {1}', index + 1, last + 1)}</span>
        <vscode-button appearance="secondary" @click=${() => this.copy()}>${t('Copy as Markdown')}</vscode-button>
      </div>
      <div class=${this.models.length > 1 ? 'panes two' : 'panes'}>
        ${this.models.map((model, i) => this.pane(model, i === 0 ? this.target : this.compared))}
      </div>
    `;
  }

  private pane(model: StepsModel, target: number): TemplateResult {
    const index = this.indexIn(model);
    return html`<section
      class="pane"
      data-release=${model.release}
      aria-label=${t('Loading {0} on {1}', this.summary.name, model.release)}
    >
      ${this.models.length > 1 ? html`<h2>${model.release}</h2>` : ''}
      <div class="steps">
        <insmod-lens-timeline
          .stages=${model.stages}
          .index=${index}
          @stage-select=${(event: CustomEvent<string>) => this.show(event.detail)}
        ></insmod-lens-timeline>
        <insmod-lens-stage
          .host=${this.host}
          .model=${model}
          .index=${index}
          .target=${target}
          .module=${this.summary.name}
        ></insmod-lens-stage>
      </div>
    </section>`;
  }

  private copy(): void {
    const text = this.models.map(model => stepsMarkdown(this.summary.name, model)).join('\n');
    this.host.send({ kind: 'copy', text });
  }
}
