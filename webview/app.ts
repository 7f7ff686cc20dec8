// The document of one module: a heading with its verdicts, the kernels to choose from, and tabs.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { TABS, type ModuleSummary, type Tab, type TargetSummary } from '../src/protocol/view';
import { Host, type HostEvent } from './host';
import './layout/layoutView';
import { bytesText } from './text';
import type { View } from './view';
import { textsOf } from '../src/protocol/words';
import { say, t } from './l10n';

/** Each tab is loaded when it is first looked at; the first one is part of the page. */
const TAB_TITLES: Readonly<Record<Tab, string>> = {
  layout: t('Layout'),
  steps: t('Step by step'),
  graph: t('Dependencies'),
  symbols: t('Symbols'),
  parameters: t('Parameters'),
  modinfo: t('Modinfo'),
  relocations: t('Relocations'),
};

const LOADERS: Readonly<Record<Tab, () => Promise<unknown>>> = {
  layout: () => Promise.resolve(),
  steps: () => import('./steps/stepsView'),
  graph: () => import('./graph/graphView'),
  symbols: () => import('./tables/symbolsView'),
  parameters: () => import('./tables/parametersView'),
  modinfo: () => import('./tables/modinfoView'),
  relocations: () => import('./tables/relocationsView'),
};

@customElement('insmod-lens-module')
export class ModuleDocument extends LitElement {
  private readonly host = new Host();
  @state() private accessor summary: ModuleSummary | null = null;
  @state() private accessor problem: string | null = null;
  @state() private accessor tab: Tab = 'layout';
  /** Path of the target shown, and of the one beside it; '' for the first, and for none. */
  @state() private accessor targetPath = this.host.recall<string>('target', '');
  @state() private accessor comparedPath = this.host.recall<string>('compared', '');
  @state() private accessor withNeeds = this.host.recall<boolean>('withNeeds', true);
  @state() private accessor opened: ReadonlySet<Tab> = new Set();
  @state() private accessor revealing: Extract<HostEvent, { kind: 'reveal' }> | null = null;
  private readonly views = new Map<Tab, View>();
  private refreshing = 0;

  constructor() {
    super();
    const kept = this.host.recall<string>('tab', 'layout');
    this.showTab(TABS.find(tab => tab === kept) ?? 'layout');
    this.host.listen(event => this.obey(event));
    if (!this.withNeeds) this.host.send({ kind: 'with-needs', on: false });
    this.host.send({ kind: 'ready' });
    void this.refresh();
    // What is looked at first, in most cases: not only when the summary has come and gone.
    if (this.tab === 'layout' && this.targetPath === '') this.host.prepare('layout', { target: 0 });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private async refresh(): Promise<void> {
    const turn = ++this.refreshing;
    try {
      const summary = await this.host.request('summary', {});
      if (turn !== this.refreshing) return;
      this.summary = summary;
      this.problem = summary.failure === null ? null : say(summary.failure);
    } catch (error) {
      if (turn === this.refreshing) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private obey(event: HostEvent): void {
    if (event.kind === 'changed') void this.refresh();
    else if (event.kind === 'show-tab') {
      this.showTab(event.tab);
      this.host.send({ kind: 'obeyed' });
    } else if (event.kind === 'reveal') {
      this.showTab('layout');
      this.revealing = event;
    }
  }

  /** The layout is told as soon as there is one. */
  protected override updated(): void {
    const layout = this.views.get('layout');
    if (!this.revealing || !layout) return;
    layout.obey?.(this.revealing);
    this.revealing = null;
  }

  private showTab(tab: Tab): void {
    this.tab = tab;
    this.host.keep('tab', tab);
    void LOADERS[tab]().then(() => (this.opened = new Set([...this.opened, tab])));
  }

  protected override render(): TemplateResult {
    const { summary } = this;
    if (!summary) return this.problem === null ? waiting() : html`<p class="problem" role="alert">${this.problem}</p>`;
    return html`
      <header>
        <h1>${summary.name}</h1>
        <span class="path" title=${summary.path}><bdi>${document.title}</bdi></span>
        <span class="size">${bytesText(summary.fileSize)}</span>
        ${this.targetControls(summary)}
      </header>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${summary.missingTargets.map(
        ({ path, reason }) =>
          html`<p class="problem" role="status">${t('{0} could not be used: {1}', path, say(reason))}</p>`,
      )}
      ${summary.targets.length === 0 ? this.withoutTargets(summary) : this.tabs(summary)}
    `;
  }

  private withoutTargets(summary: ModuleSummary): TemplateResult | typeof nothing {
    if (summary.failure !== null) return nothing;
    return html`<p>
      ${t('There is no kernel to load the module into.')}
      <vscode-button @click=${() => this.host.send({ kind: 'select-targets' })}
        >${t('Select target kernels')}</vscode-button
      >
    </p>`;
  }

  private targetControls({ targets, needsFindable }: ModuleSummary): TemplateResult | typeof nothing {
    if (targets.length === 0) return nothing;
    const shown = this.indexOf(targets, this.targetPath, 0);
    const compared = this.indexOf(targets, this.comparedPath, -1);
    const choose = (key: 'target' | 'compared') => (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      if (key === 'target') this.targetPath = value;
      else this.comparedPath = value;
      this.host.keep(key, value);
    };
    return html`<span class="targets">
      <label id="target-label">${t('Kernel')}</label>
      <vscode-dropdown
        aria-labelledby="target-label"
        data-testid="target"
        .value=${targets[shown]?.path ?? ''}
        @change=${choose('target')}
      >
        ${targets.map(
          target => html`<vscode-option value=${target.path} title=${target.path}>${target.release}</vscode-option>`,
        )}
      </vscode-dropdown>
      ${verdict(targets[shown])}
      ${
        targets.length < 2
          ? nothing
          : html`<label id="compared-label">${t('compare with')}</label>
              <vscode-dropdown
                aria-labelledby="compared-label"
                data-testid="compared"
                .value=${targets[compared]?.path ?? ''}
                @change=${choose('compared')}
              >
                <vscode-option value="">${t('none')}</vscode-option>
                ${targets.map(
                  target =>
                    html`<vscode-option value=${target.path} title=${target.path}>${target.release}</vscode-option>`,
                )}
              </vscode-dropdown>
              ${compared < 0 ? nothing : verdict(targets[compared])}`
      }
      ${needsFindable ? this.needsControl() : nothing}
    </span>`;
  }

  private needsControl(): TemplateResult {
    return html`<vscode-checkbox
      data-testid="with-needs"
      title=${t('Simulates loading what the module depends on first, as modprobe would')}
      ?checked=${this.withNeeds}
      @change=${(event: Event) => this.loadNeeds((event.target as HTMLInputElement).checked)}
    >
      ${t('load dependencies first')}
    </vscode-checkbox>`;
  }

  private loadNeeds(on: boolean): void {
    if (on === this.withNeeds) return;
    this.withNeeds = on;
    this.host.keep('withNeeds', on);
    this.host.send({ kind: 'with-needs', on });
  }

  private indexOf(targets: readonly TargetSummary[], path: string, otherwise: number): number {
    const index = targets.findIndex(target => target.path === path);
    return index < 0 ? otherwise : index;
  }

  private tabs(summary: ModuleSummary): TemplateResult {
    const onChange = (event: Event): void => {
      const id = (event.target as HTMLElement & { activeid: string }).activeid;
      const tab = TABS.find(candidate => `tab-${candidate}` === id);
      if (tab && tab !== this.tab) this.showTab(tab);
    };
    return html`<vscode-panels activeid=${`tab-${this.tab}`} aria-label=${t('Views of the module')} @change=${onChange}>
      ${TABS.map(tab => html`<vscode-panel-tab id=${`tab-${tab}`}>${TAB_TITLES[tab]}</vscode-panel-tab>`)}
      ${TABS.map(
        tab =>
          html`<vscode-panel-view id=${`view-${tab}`} class="view"> ${this.view(tab, summary)} </vscode-panel-view>`,
      )}
    </vscode-panels>`;
  }

  /** The view of a tab, told what to show while it is the one looked at; kept as it is when another is. */
  private view(tab: Tab, summary: ModuleSummary): View | TemplateResult | typeof nothing {
    if (!this.opened.has(tab)) return this.tab === tab ? waiting() : nothing;
    let view = this.views.get(tab);
    if (!view) {
      view = document.createElement(`insmod-lens-${tab}`) as View;
      this.views.set(tab, view);
    }
    if (this.tab === tab) {
      const target = this.indexOf(summary.targets, this.targetPath, 0);
      const compared = this.indexOf(summary.targets, this.comparedPath, -1);
      Object.assign(view, { host: this.host, summary, target, compared });
    }
    return view;
  }
}

function waiting(): TemplateResult {
  return html`<vscode-progress-ring aria-label=${t('Reading the module')}></vscode-progress-ring>`;
}

function verdict(target: TargetSummary | undefined): TemplateResult | typeof nothing {
  if (!target) return nothing;
  if (target.verdict === 'unchecked')
    return html`<span class="verdict open" title=${t('An essential part could not be checked; see the stages.')}
      >${t('? unchecked')}</span
    >`;
  return target.verdict === 'loads' && target.errno === 0
    ? html`<span class="verdict good">${t('✓ would load')}</span>`
    : html`<span class="verdict bad" title=${target.reason ? textsOf(target.reason, t).message : ''}
        >${t('✗ refused: {0}', target.errnoName ?? '')}</span
      >`;
}
