// The view "Kernel modules": modules, the kernels they were checked against, the stages of loading.
import path from 'node:path';
import * as vscode from 'vscode';
import type { StageResult } from '../../../report/types';
import type { TargetResult } from '../../../protocol/analysis';
import { command, commandLink } from '../../editor/commands';
import { CONTEXT_FILTERED, CONTEXT_HAS_MODULES, SECTION, VIEW } from '../../editor/ids';
import type { Lens } from '../lens';
import { EVERYTHING, verdictKind, type FolderOfModules } from '../model/modulesView';
import { ShownModules } from './shownModules';
import { overall, sizesByTarget, verdictText, type Overall } from '../model/text';
import { say, t } from '../model/l10n';

/** What commands of the view get: the module is in it. */
export interface ModuleNode {
  readonly kind: 'module';
  readonly modulePath: string;
}

type Node =
  | ModuleNode
  | { readonly kind: 'target'; readonly modulePath: string; readonly index: number }
  | { readonly kind: 'stage'; readonly modulePath: string; readonly index: number; readonly stage: StageResult }
  | { readonly kind: 'note'; readonly text: string }
  | (FolderOfModules & { readonly kind: 'folder' })
  /** More modules than are checked, and how to check them. */
  | { readonly kind: 'more'; readonly checked: number; readonly found: number }
  /** No kernel to check against. */
  | { readonly kind: 'choose' };

export function register(lens: Lens): vscode.Disposable {
  const changed = new vscode.EventEmitter<Node | undefined>();
  const nodes = new Map<string, ModuleNode>();
  const moduleNode = (modulePath: string): ModuleNode => {
    const node = nodes.get(modulePath) ?? { kind: 'module', modulePath };
    nodes.set(modulePath, node);
    return node;
  };
  const shown = new ShownModules(lens);
  const view = vscode.window.createTreeView<Node>(VIEW, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: node => itemOf(lens, node),
      getChildren: node => {
        if (node?.kind === 'folder') return node.paths.map(moduleNode);
        return node
          ? childrenOf(lens, node)
          : rootsOf(lens, shown).map(root => (root.kind === 'module' ? moduleNode(root.modulePath) : root));
      },
    },
    showCollapseAll: true,
  });
  const redraw = (): void => {
    view.message = shown.message() ?? '';
    void vscode.commands.executeCommand('setContext', CONTEXT_FILTERED, shown.isFiltered);
    changed.fire(undefined);
  };
  const known = new Set<string>();
  return vscode.Disposable.from(
    view,
    changed,
    command('insmodLens.filterModules', async () => {
      if (await shown.choose()) redraw();
    }),
    command('insmodLens.clearFilter', () => {
      shown.filter = EVERYTHING;
      redraw();
    }),
    command('insmodLens.groupByFolder', () => {
      shown.toggleGrouping();
      redraw();
    }),
    command('insmodLens.checkAll', async () => {
      const configuration = vscode.workspace.getConfiguration(SECTION);
      await configuration.update('maxModules', lens.found, vscode.ConfigurationTarget.Workspace);
    }),
    command('insmodLens.openSource', async argument => {
      const module = await lens.pickModule(argument);
      const source = module === undefined ? null : (lens.modules.report(module)?.anchors.firstSource ?? null);
      if (source === null) void vscode.window.showWarningMessage(t('No source of this module was found.'));
      else await vscode.window.showTextDocument(vscode.Uri.file(source));
    }),
    lens.onDidPublish(({ path: modulePath, report }) => {
      const isNew = report !== undefined && !known.has(modulePath);
      if (report) known.add(modulePath);
      else known.delete(modulePath);
      void vscode.commands.executeCommand('setContext', CONTEXT_HAS_MODULES, known.size > 0);
      // One module is drawn again by itself; the list only when it has another one or one less.
      if (isNew || !report || shown.isFiltered) redraw();
      else changed.fire(moduleNode(modulePath));
      const refused = lens.modules
        .all()
        .filter(each => overall(each) === 'refused' || overall(each) === 'mixed').length;
      view.badge =
        refused === 0 ? undefined : { value: refused, tooltip: t('{0} refused by a target kernel', refused) };
    }),
  );
}

function rootsOf(lens: Lens, shown: ShownModules): Node[] {
  const folders = shown.folders();
  const roots: Node[] = folders
    ? folders.map(folder => ({ kind: 'folder', ...folder }))
    : shown.paths().map(modulePath => ({ kind: 'module', modulePath }));
  const checked = lens.modules.paths.length;
  return lens.found > checked ? [{ kind: 'more', checked, found: lens.found }, ...roots] : roots;
}

function childrenOf(lens: Lens, node: Node): Node[] {
  if (node.kind === 'module') {
    const report = lens.modules.report(node.modulePath);
    const targets = (report?.results ?? []).map((_, index) => ({
      kind: 'target' as const,
      modulePath: node.modulePath,
      index,
    }));
    const missing = (report?.missingTargets ?? []).map(({ path: file, reason }) => ({
      kind: 'note' as const,
      text: `${file}: ${say(reason)}`,
    }));
    const choose = report && !report.failure && targets.length === 0 ? [{ kind: 'choose' as const }] : [];
    return [...targets, ...missing, ...choose];
  }
  if (node.kind === 'target') {
    const { modulePath, index } = node;
    return (resultOf(lens, node)?.result.stages ?? []).map(stage => ({
      kind: 'stage' as const,
      modulePath,
      index,
      stage,
    }));
  }
  return node.kind === 'stage' ? node.stage.reasons.map(note => ({ kind: 'note' as const, text: say(note) })) : [];
}

function resultOf(lens: Lens, { modulePath, index }: { modulePath: string; index: number }): TargetResult | undefined {
  return lens.modules.report(modulePath)?.results[index];
}

const ICONS: Readonly<Record<Overall | StageResult['outcome'], string>> = {
  loads: 'pass',
  refused: 'error',
  mixed: 'warning',
  unknown: 'question',
  unchecked: 'question',
  passed: 'pass',
  skipped: 'circle-slash',
  'not-checked': 'question',
};

const COLOURS: Readonly<Record<string, string>> = {
  pass: 'testing.iconPassed',
  error: 'testing.iconFailed',
  warning: 'list.warningForeground',
  question: 'list.warningForeground',
};

function icon(state: keyof typeof ICONS): vscode.ThemeIcon {
  const name = ICONS[state];
  const colour = COLOURS[name];
  return new vscode.ThemeIcon(name, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

function itemOf(lens: Lens, node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'module':
      return moduleItem(lens, node);
    case 'target': {
      const found = resultOf(lens, node);
      const item = new vscode.TreeItem(found?.release ?? '', vscode.TreeItemCollapsibleState.Collapsed);
      if (!found) return item;
      item.description = verdictText(found.result);
      item.iconPath = icon(found.result.verdict);
      item.tooltip = [found.target.path, ...sizesByTarget([found])].join('\n');
      return item;
    }
    case 'stage': {
      const { name, outcome, notes } = node.stage;
      const state = notes.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
      const item = new vscode.TreeItem(name, state);
      item.description = outcomeWord(outcome);
      item.iconPath = icon(outcome);
      return item;
    }
    case 'note':
      return new vscode.TreeItem(node.text);
    case 'folder':
      return folderItem(lens, node);
    case 'more': {
      const item = new vscode.TreeItem(t('{0} of {1} modules checked', node.checked, node.found));
      item.description = t('check all');
      item.tooltip = t('The others are checked when they change. Click to raise insmodLens.maxModules.');
      item.iconPath = new vscode.ThemeIcon('info');
      item.command = commandLink('insmodLens.checkAll', t('check all'));
      return item;
    }
    case 'choose': {
      const item = new vscode.TreeItem(t('Select target kernels'));
      item.iconPath = new vscode.ThemeIcon('server-environment');
      item.command = commandLink('insmodLens.selectTargets', t('Select target kernels'));
      return item;
    }
  }
}

/** What went as it should needs no word. */
function outcomeWord(outcome: StageResult['outcome']): string {
  switch (outcome) {
    case 'passed':
      return '';
    case 'refused':
      return t('refused');
    case 'skipped':
      return t('skipped');
    case 'not-checked':
      return t('not checked');
  }
}

function moduleItem(lens: Lens, { modulePath }: ModuleNode): vscode.TreeItem {
  const report = lens.modules.report(modulePath);
  const item = new vscode.TreeItem(path.basename(modulePath), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = modulePath;
  item.contextValue = 'module';
  item.description = report?.failure
    ? say(report.failure.reason)
    : vscode.workspace.asRelativePath(path.dirname(modulePath));
  item.tooltip = modulePath;
  item.iconPath = icon(report ? overall(report) : 'unknown');
  item.command = { command: 'vscode.open', title: t('Open module'), arguments: [vscode.Uri.file(modulePath)] };
  return item;
}

/** How many of its modules are refused says whether to look inside. */
function folderItem(lens: Lens, { label, paths }: FolderOfModules): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const states = paths.map(file => {
    const report = lens.modules.report(file);
    return verdictKind(report ? overall(report) : 'unknown');
  });
  const refused = states.filter(state => state === 'refused').length;
  item.id = `folder ${label}`;
  item.description = refused > 0 ? t('{0} of {1} refused', refused, paths.length) : String(paths.length);
  item.iconPath = icon(refused > 0 ? 'refused' : states.includes('unchecked') ? 'unchecked' : 'loads');
  return item;
}
