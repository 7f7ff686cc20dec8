// The graph as a tree, for the keyboard and for those who do not see the drawing: made only as far as it is open.
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LazyTree, textSpan } from '../lazyTree';
import type { VscodeTreeItem } from '../tree';
import type { ShownGraph } from './shown';
import { keysTo, rootNode, type GraphTreeNode } from './treeNodes';

/** Fires `graph-select` with the id of an edge or a node, `graph-open` with that of a node. */
@customElement('insmod-lens-graph-tree')
export class GraphTree extends LazyTree<GraphTreeNode> {
  @property({ attribute: false }) accessor graph!: ShownGraph;

  protected override render(): TemplateResult {
    return html`<vscode-tree
      aria-label=${this.label}
      expand-mode="doubleClick"
      indent-guides="always"
      @vsc-tree-select=${(event: CustomEvent<VscodeTreeItem[]>) => this.onSelect(event.detail)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    ></vscode-tree>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('graph')) this.build();
    if (changed.has('selected') || changed.has('graph')) this.reveal();
  }

  private items(): VscodeTreeItem[] {
    return [...this.tree.querySelectorAll<VscodeTreeItem>('vscode-tree-item')];
  }

  /** What was open stays so, and so does the place of the keys. */
  private build(): void {
    const old = this.items();
    const open = new Set(old.filter(item => item.open).map(item => this.keyOf(item)));
    const focused = this.keyOf(old.find(item => item === document.activeElement));
    const selected = this.keyOf(old.find(item => item.selected));
    const root = this.item(rootNode(this.graph));
    const known = new Set(old.map(item => this.keyOf(item)));
    // What leads away from the middle is open from the start; what is opened has children that may have been open too.
    const walk = (item: VscodeTreeItem): void => {
      const node = this.nodes.get(item);
      if (
        node &&
        (open.has(node.key) || (node.kind === 'group' && item.parentElement === root && !known.has(node.key)))
      )
        this.expand(item);
      if (node?.key === selected) item.selected = true;
      if (node?.key === focused) void item.updateComplete.then(() => item.focus());
      for (const child of item.querySelectorAll<VscodeTreeItem>(':scope > vscode-tree-item')) walk(child);
    };
    this.draw([root], () => {
      this.expand(root);
      walk(root);
    });
  }

  private keyOf(item: Element | undefined): string | undefined {
    return item && this.nodes.get(item)?.key;
  }

  protected override item(node: GraphTreeNode): VscodeTreeItem {
    const item = this.newItem(node);
    item.dataset['key'] = node.key;
    item.dataset['kind'] = node.kind;
    const note = textSpan(node.note, node.broken && node.node !== this.graph.focus.id ? 'note bad' : 'note');
    item.append(textSpan(node.label, `label ${node.kind}`), ' ', note, ' ');
    // The sign is not read out everywhere.
    if (node.broken) item.append(textSpan('broken', 'hidden-text'));
    return item;
  }

  private stands(item: Element, id: string): boolean {
    const node = this.nodes.get(item);
    return node !== undefined && (node.selects === id || node.node === id);
  }

  /** Opens what leads to the selected edge or node, and selects it; what stands for it already may stay selected. */
  private reveal(): void {
    const { selected } = this;
    const marked = this.items().filter(item => item.selected);
    if (selected === '' || marked.some(item => this.stands(item, selected))) return;
    let level: Element = this.tree;
    const keys = keysTo(this.graph, selected);
    for (const key of keys) {
      const next = [...level.querySelectorAll<VscodeTreeItem>(':scope > vscode-tree-item')].find(
        item => this.keyOf(item) === key,
      );
      if (!next) return;
      if (key !== keys.at(-1)) this.expand(next);
      level = next;
    }
    if (!(level instanceof HTMLElement) || level === this.tree) return;
    this.select(level as VscodeTreeItem);
  }

  private onSelect([item]: readonly VscodeTreeItem[]): void {
    const node = item && this.nodes.get(item);
    if (!node || node.selects === '') return;
    this.selected = node.selects;
    this.dispatchEvent(new CustomEvent('graph-select', { detail: node.selects, bubbles: true }));
  }

  /** Enter selects and opens, as everywhere in the editor; with Ctrl, or by F12, it goes to the module's document. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'F12' && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))) return;
    const item = this.items().find(candidate => candidate === document.activeElement);
    const node = item && this.nodes.get(item);
    if (node && node.node !== '')
      this.dispatchEvent(new CustomEvent('graph-open', { detail: node.node, bubbles: true }));
  }
}
