// The tree of a layout: made of elements only as far as it is open.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LayoutModel } from '../../src/protocol/view';
import { LazyTree, textSpan } from '../lazyTree';
import { grouped, hex } from '../text';
import type { VscodeTreeItem } from '../tree';
import { holds, matchingNodes, regionNodes, type LayoutNode, type SortKey } from './nodes';
import { t } from '../l10n';

/** Most matches of a search that are shown. */
const MATCHES = 300;

/** Fires `node-select` with the id, `node-open` with the node whose source is asked for. */
@customElement('insmod-lens-layout-tree')
export class LayoutTree extends LazyTree<LayoutNode> {
  @property({ attribute: false }) accessor model!: LayoutModel;
  @property() accessor sort: SortKey = 'offset';
  @property() accessor search = '';

  protected override render(): TemplateResult {
    return html`
      <div class="tree-head" aria-hidden="true">
        <span>${t('name')}</span>
        <span class="cells"
          ><span>${t('offset')}</span><span>${t('size')}</span><span class="align">${t('align')}</span
          ><span class="padding">${t('padding')}</span></span
        >
      </div>
      <vscode-tree
        aria-label=${this.label}
        expand-mode="doubleClick"
        indent-guides="always"
        @vsc-tree-select=${(event: CustomEvent<VscodeTreeItem[]>) => this.onSelect(event.detail)}
        @dblclick=${() => this.openSelected()}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      ></vscode-tree>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('model') || changed.has('sort') || changed.has('search')) this.build();
    if (this.selected !== '') this.reveal(this.selected);
  }

  private build(): void {
    const open = new Set(
      [...this.tree.querySelectorAll('vscode-tree-item[open]')].map(item => this.nodes.get(item)?.id),
    );
    if (this.search !== '') return this.draw(this.found(), () => undefined);
    const regions = regionNodes(this.model, this.sort).map(node => this.item(node));
    this.draw(regions, () => {
      // Regions and protections are open from the start; what was open stays so.
      for (const region of regions) {
        this.expand(region);
        for (const child of region.querySelectorAll<VscodeTreeItem>('vscode-tree-item'))
          if (open.has(this.nodes.get(child)?.id) || this.nodes.get(child)?.kind === 'protection') this.expand(child);
      }
    });
  }

  private found(): HTMLElement[] {
    const { nodes, more } = matchingNodes(this.model, this.search, this.sort, MATCHES);
    const items: HTMLElement[] = nodes.map(node => this.item(node));
    if (nodes.length > 0 && more === 0) return items;
    const rest = document.createElement('vscode-tree-item');
    rest.textContent =
      nodes.length === 0 ? t('Nothing has this in its name.') : t('{0} more: narrow the search.', more);
    return [...items, rest];
  }

  protected override item(node: LayoutNode): VscodeTreeItem {
    const item = this.newItem(node);
    item.dataset['id'] = node.id;
    item.dataset['kind'] = node.kind;
    const { offset, size, align, padding } = node;
    const cells = textSpan('', 'cells', 'decoration');
    // Under the head of the columns numbers explain themselves; read aloud they do not.
    const cell = (word: string, text: string, name: string): HTMLSpanElement => {
      const made = textSpan('', name);
      if (text !== '') made.append(textSpan(`, ${word} `, 'hidden-text'), textSpan(text, 'value'));
      return made;
    };
    cells.append(
      cell(t('offset'), offset === null ? '' : hex(offset), 'offset'),
      cell(t('size'), grouped(size), 'bytes'),
      cell(t('align'), align === null ? '' : String(align), 'align'),
      cell(t('padding'), padding === 0 ? '' : grouped(padding), 'padding'),
    );
    item.append(textSpan(node.label, `label ${node.kind}`), textSpan(node.note, 'note', 'description'), cells);
    return item;
  }

  /** Opens what leads to a node, selects it and brings it into view. */
  private reveal(id: string): void {
    let level: Element = this.tree;
    for (let depth = 0; depth < 8; depth++) {
      const items = [...level.querySelectorAll<VscodeTreeItem>(':scope > vscode-tree-item')];
      const exact = items.find(item => this.nodes.get(item)?.id === id);
      if (exact) {
        if (exact.selected) return;
        return this.select(exact);
      }
      const next = items.find(item => {
        const node = this.nodes.get(item);
        return node !== undefined && holds(node, id);
      });
      if (!next) return;
      this.expand(next);
      level = next;
    }
  }

  private onSelect([item]: readonly VscodeTreeItem[]): void {
    const node = item && this.nodes.get(item);
    if (!node) return;
    this.selected = node.id;
    this.dispatchEvent(new CustomEvent('node-select', { detail: node.id, bubbles: true }));
  }

  private openSelected(): void {
    const item = this.tree.querySelector('vscode-tree-item[selected]');
    const node = item && this.nodes.get(item);
    if (node?.subject) this.dispatchEvent(new CustomEvent('node-open', { detail: node, bubbles: true }));
  }

  /** Enter selects and opens, as everywhere in the editor; with Ctrl, or by F12, it goes to the source. */
  private onKey(event: KeyboardEvent): void {
    if (event.key === 'F12' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) this.openSelected();
  }
}
