// The view "Kernel modules": modules, the kernels they were held against, the stages of loading.
import path from 'node:path';
import * as vscode from 'vscode';
import type { StageResult } from '../../../report/types';
import type { TargetResult } from '../../../protocol/analysis';
import { commandLink } from '../../editor/commands';
import { CONTEXT_HAS_MODULES, VIEW } from '../../editor/ids';
import type { Lens } from '../lens';
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
  | { readonly kind: 'note'; readonly text: string };

export function register(lens: Lens): vscode.Disposable {
  const changed = new vscode.EventEmitter<Node | undefined>();
  const nodes = new Map<string, ModuleNode>();
  const moduleNode = (modulePath: string): ModuleNode => {
    const node = nodes.get(modulePath) ?? { kind: 'module', modulePath };
    nodes.set(modulePath, node);
    return node;
  };
  const view = vscode.window.createTreeView<Node>(VIEW, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: node => itemOf(lens, node),
      getChildren: node =>
        node
          ? childrenOf(lens, node)
          : lens.modules
              .all()
              .map(report => report.path)
              .sort()
              .map(moduleNode),
    },
    showCollapseAll: true,
  });
  const known = new Set<string>();
  return vscode.Disposable.from(
    view,
    changed,
    lens.onDidPublish(({ path: modulePath, report }) => {
      const isNew = report !== undefined && !known.has(modulePath);
      if (report) known.add(modulePath);
      else known.delete(modulePath);
      void vscode.commands.executeCommand('setContext', CONTEXT_HAS_MODULES, known.size > 0);
      // One module is drawn again by itself; the list only when it has another one or one less.
      changed.fire(isNew || !report ? undefined : moduleNode(modulePath));
      const refused = lens.modules
        .all()
        .filter(each => overall(each) === 'refused' || overall(each) === 'mixed').length;
      view.badge =
        refused === 0 ? undefined : { value: refused, tooltip: t('{0} refused by a target kernel', refused) };
    }),
  );
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
    return [...targets, ...missing];
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
  const source = report?.anchors.firstSource;
  item.command = source
    ? { command: 'vscode.open', title: t('Open source'), arguments: [vscode.Uri.file(source)] }
    : commandLink('insmodLens.explain', t('Explain'), { modulePath });
  return item;
}
