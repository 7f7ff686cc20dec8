// The graph as a tree, for the keyboard and for those who do not see the drawing: made only as far as it is open.
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { VscodeTreeItem } from '../tree';
import type { ShownGraph } from './shown';
import { keysTo, rootNode, type GraphTreeNode } from './treeNodes';

/** Fires `graph-select` with the id of an edge or a node, `graph-open` with that of a node. */
@customElement('insmod-lens-graph-tree')
export class GraphTree extends LitElement {
  @property({ attribute: false }) accessor graph!: ShownGraph;
  @property() accessor label = '';
  /** Id of the edge or the node that is selected elsewhere, or here. */
  @property() accessor selected = '';
  private readonly nodes = new WeakMap<Element, GraphTreeNode>();
  private readonly observer = new MutationObserver(records => {
    for (const { target } of records) this.fill(target as VscodeTreeItem);
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

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

  private get tree(): HTMLElement {
    return this.querySelector('vscode-tree') as HTMLElement;
  }

  private items(): VscodeTreeItem[] {
    return [...this.tree.querySelectorAll<VscodeTreeItem>('vscode-tree-item')];
  }

  /** What was open stays so, and so does the place of the keys. */
  private build(): void {
    this.observer.disconnect();
    const old = this.items();
    const open = new Set(old.filter(item => item.open).map(item => this.keyOf(item)));
    const focused = this.keyOf(old.find(item => item === document.activeElement));
    const selected = this.keyOf(old.find(item => item.selected));
    const root = this.item(rootNode(this.graph));
    this.tree.replaceChildren(root);
    const known = new Set(old.map(item => this.keyOf(item)));
    this.expand(root);
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
    walk(root);
    this.observer.observe(this.tree, { subtree: true, attributeFilter: ['open'] });
  }

  private keyOf(item: Element | undefined): string | undefined {
    return item && this.nodes.get(item)?.key;
  }

  private item(node: GraphTreeNode): VscodeTreeItem {
    const item = document.createElement('vscode-tree-item') as VscodeTreeItem;
    this.nodes.set(item, node);
    item.branch = node.hasChildren;
    item.dataset['key'] = node.key;
    item.dataset['kind'] = node.kind;
    const span = (text: string, name: string): HTMLSpanElement => {
      const made = document.createElement('span');
      made.textContent = text;
      made.className = name;
      return made;
    };
    const note = span(node.note, node.broken && node.node !== this.graph.focus.id ? 'note bad' : 'note');
    item.append(span(node.label, `label ${node.kind}`), ' ', note, ' ');
    // The sign is not read out everywhere.
    if (node.broken) item.append(span('broken', 'hidden-text'));
    return item;
  }

  /** Gives an opened item its children, once. */
  private fill(item: VscodeTreeItem): void {
    const node = this.nodes.get(item);
    if (!node?.hasChildren || !item.open || item.querySelector('vscode-tree-item')) return;
    item.append(...node.children().map(child => this.item(child)));
  }

  private expand(item: VscodeTreeItem): void {
    item.open = true;
    this.fill(item);
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
    for (const item of marked) item.selected = false;
    const item = level as VscodeTreeItem;
    item.selected = true;
    item.active = true;
    item.scrollIntoView({ block: 'nearest' });
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
