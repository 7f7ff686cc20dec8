// A tree made of elements only as far as it is open.
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { VscodeTreeItem } from './tree';

export interface LazyNode<Node> {
  readonly hasChildren: boolean;
  children(): Node[];
}

/** What renders a `<vscode-tree>` and fills it with the items of nodes. */
export abstract class LazyTree<Node extends LazyNode<Node>> extends LitElement {
  @property() accessor label = '';
  /** Id of what is selected elsewhere, or here. */
  @property() accessor selected = '';
  protected readonly nodes = new WeakMap<Element, Node>();
  private readonly observer = new MutationObserver(records => {
    for (const { target } of records) this.fill(target as VscodeTreeItem);
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected get tree(): HTMLElement {
    return this.querySelector('vscode-tree') as HTMLElement;
  }

  /** The item of a node, without those of its children. */
  protected abstract item(node: Node): VscodeTreeItem;

  protected newItem(node: Node): VscodeTreeItem {
    const item = document.createElement('vscode-tree-item') as VscodeTreeItem;
    this.nodes.set(item, node);
    item.branch = node.hasChildren;
    return item;
  }

  /** Draws the tree anew; `open` gives items that are open from the start their children. */
  protected draw(items: readonly HTMLElement[], open: () => void): void {
    this.observer.disconnect();
    this.tree.replaceChildren(...items);
    open();
    // The tree makes its first item the one that Tab reaches, but only the first time.
    const first = this.tree.querySelector<VscodeTreeItem>(':scope > vscode-tree-item');
    if (first) first.active = true;
    this.observer.observe(this.tree, { subtree: true, attributeFilter: ['open'] });
  }

  protected expand(item: VscodeTreeItem): void {
    item.open = true;
    this.fill(item);
  }

  protected select(item: VscodeTreeItem): void {
    for (const other of this.tree.querySelectorAll<VscodeTreeItem>('vscode-tree-item[selected]'))
      other.selected = false;
    item.selected = true;
    item.active = true;
    item.scrollIntoView({ block: 'nearest' });
  }

  /** Gives an opened item its children, once. */
  private fill(item: VscodeTreeItem): void {
    const node = this.nodes.get(item);
    if (!node?.hasChildren || !item.open || item.querySelector('vscode-tree-item')) return;
    item.append(...node.children().map(child => this.item(child)));
  }
}

/** A piece of an item's text. */
export function textSpan(text: string, className: string, slot = ''): HTMLSpanElement {
  const made = document.createElement('span');
  made.textContent = text;
  made.className = className;
  if (slot !== '') made.slot = slot;
  return made;
}
