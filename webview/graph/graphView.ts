// The dependencies tab: what the module needs and what needs it, as a drawing and as a tree, or all modules as a list.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Direction, GraphModel, GraphOverview, GraphProgressModel } from '../../src/protocol/view';
import type { TableModel } from '../table/model';
import '../table/table';
import { View } from '../view';
import { captionOf, progressText, unreadable } from './about';
import { DEPTHS, DIRECTIONS, keepChoice, recallChoice, type Choice } from './choice';
import './edgeDetails';
import type { GraphDrawing } from './graphDrawing';
import './graphDrawing';
import { graphMarkdown } from './graphMarkdown';
import './graphTree';
import './moduleSearch';
import { overviewModel } from './overviewModel';
import { Repeater } from './repeater';
import { saveGraph } from './saveGraph';
import { edgeId, isSameGraph, shownGraph, type ShownGraph } from './shown';
import { t } from '../l10n';

/** Milliseconds between two questions while modules are being read. */
const GRAPH_PAUSE = 400;
const OVERVIEW_PAUSE = 1000;

@customElement('insmod-lens-graph')
export class GraphView extends View {
  @state() private accessor model: GraphModel | null = null;
  @state() private accessor overview: GraphOverview | null = null;
  @state() private accessor progress: GraphProgressModel | null = null;
  @state() private accessor depth = 1;
  @state() private accessor direction: Direction = 'both';
  /** Name of the module in the middle; '' for the document's own. */
  @state() private accessor middle = '';
  @state() private accessor withKernel = false;
  @state() private accessor showsAll = false;
  @state() private accessor selected = '';
  private shown: ShownGraph | null = null;
  private rows: TableModel | null = null;
  private wantsOverview = false;
  /** Something was read while nobody looked. */
  private isStale = false;
  private unlisten: (() => void) | null = null;
  private readonly graphs = new Repeater(() => this.askGraph(), GRAPH_PAUSE);
  private readonly overviews = new Repeater(() => this.askOverview(), OVERVIEW_PAUSE);
  private readonly seen = new ResizeObserver(() => {
    if (this.isStale && this.checkVisibility()) this.askAgain();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.seen.observe(this);
    this.unlisten = this.host.listen(event => {
      if (event.kind === 'graph-progress') this.askAgain();
    });
    Object.assign(this, recallChoice(this.host));
    this.selected = this.host.recall<string>('graph.selected', '');
    this.wantsOverview ||= this.showsAll;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.seen.disconnect();
    this.unlisten?.();
    this.graphs.stop();
    this.overviews.stop();
  }

  protected override load(): Promise<void> {
    this.graphs.now();
    if (this.wantsOverview) this.overviews.now();
    return Promise.resolve();
  }

  private askAgain(): void {
    this.isStale = !this.checkVisibility();
    if (this.isStale) return;
    this.graphs.later();
    if (this.wantsOverview) this.overviews.later();
  }

  private async askGraph(): Promise<void> {
    const { target, depth, direction, middle } = this;
    try {
      const model = await this.host.request('graph', {
        target,
        depth,
        direction,
        focus: middle === '' ? null : middle,
      });
      // Asked otherwise meanwhile: that answer is on its way.
      if (target !== this.target || depth !== this.depth || direction !== this.direction || middle !== this.middle)
        return;
      this.problem = null;
      this.progress = model.complete ? null : model.progress;
      if (!this.model || !isSameGraph(this.model, model) || this.model.unreadable.length !== model.unreadable.length)
        this.model = model;
      if (model.focus === null) this.wantOverview();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private async askOverview(): Promise<void> {
    const { target } = this;
    try {
      const overview = await this.host.request('graphOverview', { target });
      if (target === this.target) this.overview = overview;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private wantOverview(): void {
    if (this.wantsOverview) return;
    this.wantsOverview = true;
    this.overviews.now();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('model') || changed.has('withKernel'))
      this.shown = this.model && shownGraph(this.model, this.withKernel);
    if (changed.has('overview')) this.rows = this.overview && overviewModel(this.overview, name => this.centre(name));
  }

  protected override render(): TemplateResult {
    const problem = this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`;
    if (!this.model && this.problem !== null) return html`${problem}`;
    if (!this.model) return html`<vscode-progress-ring aria-label=${t('Looking for modules')}></vscode-progress-ring>`;
    const all = this.showsAll || !this.shown;
    return html`
      ${problem} ${this.toolbar(all)}
      <p class="note about">
        ${all || !this.shown ? nothing : html`<span>${captionOf(this.shown)}</span>`}
        <span class="progress" role="status" aria-live="polite">${progressText(this.progress)}</span>
      </p>
      ${all ? this.list() : this.picture()} ${unreadable(this.model)}
    `;
  }

  private toolbar(all: boolean): TemplateResult {
    return html`<div class="toolbar">
      <label id="graph-direction">${t('Show')}</label>
      <vscode-dropdown
        aria-labelledby="graph-direction"
        data-testid="graph-direction"
        ?disabled=${all}
        .value=${this.direction}
        @change=${(event: Event) => this.set({ direction: (event.target as HTMLSelectElement).value as Direction })}
      >
        ${Object.entries(DIRECTIONS).map(
          ([value, title]) => html`<vscode-option value=${value}>${title}</vscode-option>`,
        )}
      </vscode-dropdown>
      <label id="graph-depth">${t('Depth')}</label>
      <vscode-dropdown
        class="short"
        aria-labelledby="graph-depth"
        data-testid="graph-depth"
        ?disabled=${all}
        .value=${String(this.depth)}
        @change=${(event: Event) => this.set({ depth: Number((event.target as HTMLSelectElement).value) })}
      >
        ${DEPTHS.map(depth => html`<vscode-option value=${String(depth)}>${depth}</vscode-option>`)}
      </vscode-dropdown>
      <vscode-checkbox
        ?disabled=${all}
        ?checked=${this.withKernel}
        @change=${(event: Event) => this.set({ withKernel: (event.target as HTMLInputElement).checked })}
      >
        ${t('Show vmlinux')}
      </vscode-checkbox>
      <insmod-lens-module-search
        .names=${this.overview?.names ?? null}
        @names-wanted=${() => this.wantOverview()}
        @module-choose=${(event: CustomEvent<string>) => this.centre(event.detail)}
      ></insmod-lens-module-search>
      ${
        this.middle === ''
          ? nothing
          : html`<vscode-button appearance="secondary" @click=${() => this.centre('')}>
              ${t('Back to {0}', this.summary.name)}
            </vscode-button>`
      }
      <vscode-button
        appearance="secondary"
        aria-pressed=${this.showsAll ? 'true' : 'false'}
        ?disabled=${this.shown === null}
        @click=${() => this.set({ showsAll: !this.showsAll })}
      >
        ${this.showsAll ? t('Graph') : t('All modules')}
      </vscode-button>
      ${
        all
          ? nothing
          : html`<vscode-button appearance="secondary" @click=${() => this.copy()}
                >${t('Copy as Markdown')}</vscode-button
              >
              <vscode-button appearance="secondary" @click=${() => this.save('svg')}>${t('Save as SVG')}</vscode-button>
              <vscode-button appearance="secondary" @click=${() => this.save('png')}
                >${t('Save as PNG')}</vscode-button
              >`
      }
    </div>`;
  }

  private list(): TemplateResult {
    const { model, rows } = this;
    const missing = this.shown
      ? nothing
      : html`<p>${t('{0} has no module of the name {1}.', model?.release ?? '', this.middle)}</p>`;
    if (!rows)
      return html`${missing}<vscode-progress-ring aria-label=${t('Looking for modules')}></vscode-progress-ring>`;
    return html`${missing}
      <section class="table">
        <insmod-lens-table
          name="graph.overview"
          .model=${rows}
          .host=${this.host}
          .label=${t('Modules of {0}', model?.release ?? '')}
        ></insmod-lens-table>
      </section>`;
  }

  private picture(): TemplateResult | typeof nothing {
    const { shown } = this;
    if (!shown) return nothing;
    const subject = [shown.focus.name, shown.release] as const;
    const selected = isShown(shown, this.selected) ? this.selected : shown.focus.id;
    return html`<div
      class="graph-parts"
      @graph-select=${(event: CustomEvent<string>) => this.select(event.detail)}
      @graph-open=${(event: CustomEvent<string>) => this.open(event.detail)}
      @graph-centre=${(event: CustomEvent<string>) => this.centre(event.detail)}
    >
      <insmod-lens-graph-drawing
        .graph=${shown}
        .selected=${selected}
        .label=${t('Dependencies of {0} on {1}, as a drawing', ...subject)}
      ></insmod-lens-graph-drawing>
      <insmod-lens-graph-tree
        .graph=${shown}
        .selected=${selected}
        .label=${t('Dependencies of {0} on {1}', ...subject)}
      ></insmod-lens-graph-tree>
      <insmod-lens-graph-details
        .host=${this.host}
        .graph=${shown}
        .selected=${selected}
        .own=${this.summary.path}
      ></insmod-lens-graph-details>
    </div>`;
  }

  private select(id: string): void {
    this.selected = id;
    this.host.keep('graph.selected', id);
  }

  private open(id: string): void {
    const path = this.model?.nodes.find(node => node.id === id)?.path ?? null;
    if (path === null) this.select(id);
    else if (path !== this.summary.path) this.host.send({ kind: 'open-module', path });
  }

  /** Asks for another graph, or shows it otherwise, and keeps that in mind. */
  private set(choice: Partial<Choice>): void {
    const { depth, direction, middle } = this;
    this.problem = null;
    Object.assign(this, choice);
    if (this.showsAll) this.wantOverview();
    const { withKernel, showsAll } = this;
    keepChoice(this.host, { depth: this.depth, direction: this.direction, middle: this.middle, withKernel, showsAll });
    if (depth !== this.depth || direction !== this.direction || middle !== this.middle) this.graphs.now();
  }

  private centre(name: string): void {
    this.select('');
    this.set({ middle: name === this.summary.name ? '' : name, showsAll: false });
  }

  private copy(): void {
    if (this.shown) this.host.send({ kind: 'copy', text: graphMarkdown(this.shown, this.progress) });
  }

  private async save(type: 'svg' | 'png'): Promise<void> {
    const drawing = this.querySelector<GraphDrawing>('insmod-lens-graph-drawing');
    if (!drawing) return;
    try {
      await saveGraph(drawing, this.host, type);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

function isShown({ nodes, edges }: ShownGraph, id: string): boolean {
  return nodes.some(node => node.id === id) || edges.some(edge => edgeId(edge) === id);
}
