// The tree of a layout: made of elements only as far as it is open.
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LayoutModel } from '../../src/protocol/view';
import { grouped, hex } from '../text';
import type { VscodeTreeItem } from '../tree';
import { holds, matchingNodes, regionNodes, type LayoutNode, type SortKey } from './nodes';

/** Most matches of a search that are shown. */
const MATCHES = 300;

/** Fires `node-select` with the id, `node-open` with the node whose source is asked for. */
@customElement('insmod-lens-layout-tree')
export class LayoutTree extends LitElement {
  @property({ attribute: false }) accessor model!: LayoutModel;
  @property() accessor sort: SortKey = 'offset';
  @property() accessor search = '';
  @property() accessor label = '';
  /** Id of the node that is selected elsewhere, or here. */
  @property() accessor selected = '';
  private readonly nodes = new WeakMap<Element, LayoutNode>();
  private readonly observer = new MutationObserver(records => {
    for (const { target } of records) this.fill(target as VscodeTreeItem);
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`
      <div class="tree-head" aria-hidden="true">
        <span>name</span>
        <span class="cells"
          ><span>offset</span><span>size</span><span class="align">align</span
          ><span class="padding">padding</span></span
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

  private get tree(): HTMLElement {
    return this.querySelector('vscode-tree') as HTMLElement;
  }

  private build(): void {
    this.observer.disconnect();
    const open = new Set([...this.tree.querySelectorAll('vscode-tree-item[open]')].map(item => this.nodeOf(item)?.id));
    if (this.search === '') {
      const regions = regionNodes(this.model, this.sort);
      this.tree.replaceChildren(...regions.map(node => this.item(node)));
      // What stays is open from the start; what was open stays so.
      for (const item of this.tree.querySelectorAll<VscodeTreeItem>(':scope > vscode-tree-item')) {
        this.expand(item);
        for (const child of item.querySelectorAll<VscodeTreeItem>('vscode-tree-item'))
          if (open.has(this.nodeOf(child)?.id) || this.nodeOf(child)?.kind === 'protection') this.expand(child);
      }
    } else {
      const { nodes, more } = matchingNodes(this.model, this.search, this.sort, MATCHES);
      const items: HTMLElement[] = nodes.map(node => this.item(node));
      if (nodes.length === 0 || more > 0) {
        const rest = document.createElement('vscode-tree-item');
        rest.textContent = nodes.length === 0 ? 'Nothing has this in its name.' : `${more} more: narrow the search.`;
        items.push(rest);
      }
      this.tree.replaceChildren(...items);
    }
    // The tree makes its first item the one that Tab reaches, but only the first time.
    const first = this.tree.querySelector<VscodeTreeItem>(':scope > vscode-tree-item');
    if (first) first.active = true;
    this.observer.observe(this.tree, { subtree: true, attributeFilter: ['open'] });
  }

  private nodeOf(item: Element): LayoutNode | undefined {
    return this.nodes.get(item);
  }

  private item(node: LayoutNode): VscodeTreeItem {
    const item = document.createElement('vscode-tree-item') as VscodeTreeItem;
    this.nodes.set(item, node);
    item.branch = node.hasChildren;
    item.dataset['id'] = node.id;
    item.dataset['kind'] = node.kind;
    const { offset, size, align, padding } = node;
    const span = (text: string, slot: string, name: string): HTMLSpanElement => {
      const made = document.createElement('span');
      made.textContent = text;
      made.className = name;
      if (slot !== '') made.slot = slot;
      return made;
    };
    const cells = span('', 'decoration', 'cells');
    // Under the head of the columns numbers explain themselves; read aloud they do not.
    const cell = (word: string, text: string, name: string): HTMLSpanElement => {
      const made = span('', '', name);
      if (text !== '') made.append(span(`, ${word} `, '', 'hidden-text'), span(text, '', 'value'));
      return made;
    };
    cells.append(
      cell('offset', offset === null ? '' : hex(offset), 'offset'),
      cell('size', grouped(size), 'bytes'),
      cell('align', align === null ? '' : String(align), 'align'),
      cell('padding', padding === 0 ? '' : grouped(padding), 'padding'),
    );
    item.append(span(node.label, '', `label ${node.kind}`), span(node.note, 'description', 'note'), cells);
    return item;
  }

  /** Gives an opened item its children, once. */
  private fill(item: VscodeTreeItem): void {
    const node = this.nodeOf(item);
    if (!node?.hasChildren || !item.open || item.querySelector('vscode-tree-item')) return;
    item.append(...node.children().map(child => this.item(child)));
  }

  private expand(item: VscodeTreeItem): void {
    item.open = true;
    this.fill(item);
  }

  /** Opens what leads to a node, selects it and brings it into view. */
  private reveal(id: string): void {
    let level: Element = this.tree;
    for (let depth = 0; depth < 8; depth++) {
      const items = [...level.querySelectorAll<VscodeTreeItem>(':scope > vscode-tree-item')];
      const exact = items.find(item => this.nodeOf(item)?.id === id);
      if (exact) {
        if (exact.selected) return;
        for (const other of this.tree.querySelectorAll<VscodeTreeItem>('vscode-tree-item[selected]'))
          other.selected = false;
        exact.selected = true;
        exact.active = true;
        exact.scrollIntoView({ block: 'nearest' });
        return;
      }
      const next = items.find(item => {
        const node = this.nodeOf(item);
        return node !== undefined && holds(node, id);
      });
      if (!next) return;
      this.expand(next);
      level = next;
    }
  }

  private onSelect([item]: readonly VscodeTreeItem[]): void {
    const node = item && this.nodeOf(item);
    if (!node) return;
    this.selected = node.id;
    this.dispatchEvent(new CustomEvent('node-select', { detail: node.id, bubbles: true }));
  }

  private openSelected(): void {
    const item = this.tree.querySelector('vscode-tree-item[selected]');
    const node = item && this.nodeOf(item);
    if (node?.subject) this.dispatchEvent(new CustomEvent('node-open', { detail: node, bubbles: true }));
  }

  /** Enter selects and opens, as everywhere in the editor; with Ctrl or Alt it goes to the source. */
  private onKey(event: KeyboardEvent): void {
    if (event.key === 'F12' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) this.openSelected();
  }
}
