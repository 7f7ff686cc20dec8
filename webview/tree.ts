// What the toolkit lacks: a tree, from @vscode-elements/elements.
import '@vscode-elements/elements/dist/vscode-tree/index.js';
import '@vscode-elements/elements/dist/vscode-tree-item/index.js';

export type { VscodeTree } from '@vscode-elements/elements/dist/vscode-tree/vscode-tree.js';
export type { VscodeTreeItem } from '@vscode-elements/elements/dist/vscode-tree-item/vscode-tree-item.js';
