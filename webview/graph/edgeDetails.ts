// What is selected in the graph: the module with what one can do with it, and the symbols of its edges.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GraphEdgeModel, GraphNodeModel, GraphSymbol } from '../../src/protocol/view';
import { grouped } from '../text';
import { edgeId, type ShownGraph } from './shown';
import { counted, edgeLabel, isRefused, nodeCounts, nodeTitle, refusedFirst, stateWords } from './words';

/** Symbols that are listed, the refused ones first. */
const MOST_ROWS = 200;

/** Fires `graph-open` with the id of a node, `graph-centre` with the name of a module. */
@customElement('insmod-lens-graph-details')
export class EdgeDetails extends LitElement {
  @property({ attribute: false }) accessor graph!: ShownGraph;
  @property() accessor selected = '';
  /** File of the document that is looked at. */
  @property() accessor own = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { nodes, edges, focus } = this.graph;
    const edge = edges.find(candidate => edgeId(candidate) === this.selected);
    if (edge) {
      const ends = [edge.from, edge.to].flatMap(id => nodes.find(node => node.id === id) ?? []);
      return html`<section class="details" aria-label="Selected edge">
        <h2>
          ${ends.map(nodeTitle).join(' → ')} <span class=${edge.broken ? 'bad' : 'note'}>${edgeLabel(edge)}</span>
        </h2>
        ${ends.filter(node => node.id !== focus.id).map(node => this.actions(node, true))} ${symbolTable([edge], null)}
      </section>`;
    }
    const node = nodes.find(({ id }) => id === this.selected) ?? focus;
    const own = edges.filter(({ from, to }) => from === node.id || to === node.id);
    return html`<section class="details" aria-label="Selected module">
      <h2>${nodeTitle(node)} <span class="note">${nodeCounts(node)}</span></h2>
      ${this.actions(node, false)} ${symbolTable(own, node.id)}
    </section>`;
  }

  private actions(node: GraphNodeModel, isNamed: boolean): TemplateResult | typeof nothing {
    const { kind, id, name, path } = node;
    if (kind === 'missing') return html`<p class="note">No module of this kernel exports these symbols to ${name}.</p>`;
    const fire = (type: string, detail: string) => (): void => {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    };
    return html`<div class="actions">
      ${
        path === null
          ? html`<span class="note">
              ${kind === 'vmlinux' || id === 'vmlinux' ? 'vmlinux is no module: it has no document.' : `There is no file of ${name} here.`}
            </span>`
          : path === this.own
            ? nothing
            : html`<vscode-button data-action="open" @click=${fire('graph-open', id)}>
                ${isNamed ? `Open ${name}` : 'Open its document'}
              </vscode-button>`
      }
      ${
        id === this.graph.focus.id
          ? nothing
          : html`<vscode-button appearance="secondary" data-action="centre" @click=${fire('graph-centre', name)}>
              ${isNamed ? `Show from ${name}` : 'Show from here'}
            </vscode-button>`
      }
      ${path === null ? nothing : html`<span class="path" title=${path}><bdi>${path}</bdi></span>`}
    </div>`;
  }
}

/** `of`: the node whose edges these are, when there is a column for the other end. */
function symbolTable(edges: readonly GraphEdgeModel[], of: string | null): TemplateResult {
  const all = edges.reduce((total, { symbols }) => total + symbols.length, 0);
  if (all === 0) return html`<p class="note">No edge of it is shown.</p>`;
  const rows: { readonly edge: GraphEdgeModel; readonly symbol: GraphSymbol }[] = [];
  // Refused ones of every edge come before the others of any.
  for (const refused of [true, false])
    for (const edge of edges)
      for (const symbol of refusedFirst(edge.symbols))
        if (isRefused(symbol) === refused && rows.length < MOST_ROWS) rows.push({ edge, symbol });
  return html`<div class="wide">
      <table class="symbols">
        <thead>
          <tr>
            <th scope="col">symbol</th>
            ${of === null ? nothing : html`<th scope="col">edge</th>`}
            <th scope="col">wanted CRC</th>
            <th scope="col">found CRC</th>
            <th scope="col">state</th>
            <th scope="col">export</th>
            <th scope="col">namespace</th>
            <th scope="col">reference</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(({ edge, symbol }) => symbolRow(symbol, of === null ? null : edgeWords(edge, of)))}
        </tbody>
      </table>
    </div>
    ${
      all > rows.length
        ? html`<p class="note">
            ${grouped(rows.length)} of ${counted(all, 'symbol', 'symbols')} are listed, refused ones first.
          </p>`
        : nothing
    }`;
}

function symbolRow(symbol: GraphSymbol, edge: string | null): TemplateResult {
  const { name, wanted, found, gplOnly, namespace, weak, state } = symbol;
  const isMissing = state === 'missing' || state === 'unresolved-weak' || state === 'ignored';
  return html`<tr class=${isRefused(symbol) ? 'refused' : ''}>
    <td class="mono">${name}</td>
    ${edge === null ? nothing : html`<td>${edge}</td>`}
    <td class="mono">${wanted ?? 'none'}</td>
    <td class="mono">${found ?? 'none'}</td>
    <td class="state">${isRefused(symbol) ? '✗ ' : '✓ '}${stateWords(symbol)}</td>
    <td>${isMissing ? '' : gplOnly ? 'GPL-only' : 'any license'}</td>
    <td class="mono">${namespace ?? ''}</td>
    <td>${weak ? 'weak' : 'strong'}</td>
  </tr>`;
}

function edgeWords({ from, to }: GraphEdgeModel, of: string): string {
  const name = (id: string): string => id.replace(/^module\//, '');
  if (from !== of) return `used by ${name(from)}`;
  return to.startsWith('missing/') ? 'not exported' : `of ${name(to)}`;
}
