// What is selected in the graph: the module with what one can do with it, and the symbols of its edges.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GraphNodeModel } from '../../src/protocol/view';
import type { Host } from '../host';
import type { TableModel } from '../table/model';
import '../table/table';
import { edgeSymbolTable } from './edgeSymbols';
import { edgeId, type ShownGraph } from './shown';
import { edgeLabel, nodeCounts, nodeTitle } from './words';
import { t } from '../l10n';

/** Fires `graph-open` with the id of a node, `graph-centre` with the name of a module. */
@customElement('insmod-lens-graph-details')
export class EdgeDetails extends LitElement {
  @property({ attribute: false }) accessor host!: Host;
  @property({ attribute: false }) accessor graph!: ShownGraph;
  @property() accessor selected = '';
  /** File of the document that is looked at. */
  @property() accessor own = '';

  private symbols: TableModel | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('graph') && !changed.has('selected')) return;
    const { nodes, edges, focus } = this.graph;
    const edge = edges.find(candidate => edgeId(candidate) === this.selected);
    const { id } = nodes.find(node => node.id === this.selected) ?? focus;
    this.symbols = edge
      ? edgeSymbolTable([edge], null)
      : edgeSymbolTable(
          edges.filter(({ from, to }) => from === id || to === id),
          id,
        );
  }

  private table(): TemplateResult {
    if (!this.symbols || this.symbols.rowCount === 0) return html`<p class="note">${t('No edge of it is shown.')}</p>`;
    return html`<section class="table half">
      <insmod-lens-table
        name="graph.symbols"
        label=${t('Symbols')}
        .host=${this.host}
        .model=${this.symbols}
      ></insmod-lens-table>
    </section>`;
  }

  protected override render(): TemplateResult {
    const { nodes, edges, focus } = this.graph;
    const edge = edges.find(candidate => edgeId(candidate) === this.selected);
    if (edge) {
      const ends = [edge.from, edge.to].flatMap(id => nodes.find(node => node.id === id) ?? []);
      return html`<section class="details" aria-label=${t('Selected edge')}>
        <h2>
          ${ends.map(nodeTitle).join(' → ')} <span class=${edge.broken ? 'bad' : 'note'}>${edgeLabel(edge)}</span>
        </h2>
        ${ends.filter(node => node.id !== focus.id).map(node => this.actions(node, true))} ${this.table()}
      </section>`;
    }
    const node = nodes.find(({ id }) => id === this.selected) ?? focus;
    return html`<section class="details" aria-label=${t('Selected module')}>
      <h2>${nodeTitle(node)} <span class="note">${nodeCounts(node)}</span></h2>
      ${this.actions(node, false)} ${this.table()}
    </section>`;
  }

  private actions(node: GraphNodeModel, isNamed: boolean): TemplateResult | typeof nothing {
    const { kind, id, name, path } = node;
    if (kind === 'missing')
      return html`<p class="note">${t('No module of this kernel exports these symbols to {0}.', name)}</p>`;
    const fire = (type: string, detail: string) => (): void => {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    };
    return html`<div class="actions">
      ${
        path === null
          ? html`<span class="note">
              ${kind === 'vmlinux' || id === 'vmlinux' ? t('vmlinux is no module: it has no document.') : t('There is no file of {0} here.', name)}
            </span>`
          : path === this.own
            ? nothing
            : html`<vscode-button data-action="open" @click=${fire('graph-open', id)}>
                ${isNamed ? t('Open {0}', name) : t('Open its document')}
              </vscode-button>`
      }
      ${
        id === this.graph.focus.id
          ? nothing
          : html`<vscode-button appearance="secondary" data-action="centre" @click=${fire('graph-centre', name)}>
              ${isNamed ? t('Show from {0}', name) : t('Show from here')}
            </vscode-button>`
      }
      ${path === null ? nothing : html`<span class="path" title=${path}><bdi>${path}</bdi></span>`}
    </div>`;
  }
}
