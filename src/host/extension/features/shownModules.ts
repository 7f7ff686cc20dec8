// What the view "Kernel modules" is narrowed to, and whether it has folders.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lens } from '../lens';
import { t } from '../model/l10n';
import {
  byFolder,
  EVERYTHING,
  passes,
  verdictKind,
  type FolderOfModules,
  type ModuleFilter,
} from '../model/modulesView';
import { overall } from '../model/text';

/** Modules in folders of their own are grouped from so many on. */
const MANY = 20;
const GROUPED = 'modules.grouped';

/** What the view lists: modules that pass the filter, below their folders where there are many. */
export class ShownModules {
  filter = EVERYTHING;

  constructor(private readonly lens: Lens) {}

  get isFiltered(): boolean {
    return this.filter.verdict !== null || this.filter.text !== '';
  }

  /** Those that pass the filter, in order. */
  paths(): string[] {
    return this.lens.modules
      .all()
      .filter(report => passes(this.filter, report))
      .map(report => report.path)
      .sort();
  }

  /** Folders with their modules, where there are many of them or they are wanted; null for a plain list. */
  folders(): readonly FolderOfModules[] | null {
    const paths = this.paths();
    const folders = byFolder(paths, folderOf);
    return (this.grouped ?? (folders.length > 1 && paths.length > MANY)) ? folders : null;
  }

  private get grouped(): boolean | undefined {
    return this.lens.context.workspaceState.get<boolean>(GROUPED);
  }

  toggleGrouping(): void {
    const isGrouped = this.folders() !== null;
    void this.lens.context.workspaceState.update(GROUPED, !isGrouped);
  }

  message(): string | undefined {
    if (!this.isFiltered) return undefined;
    const { verdict, text } = this.filter;
    const words = [...(verdict === null ? [] : [verdictWord(verdict)]), ...(text === '' ? [] : [`"${text}"`])];
    return t('{0} of {1} modules: {2}', this.paths().length, this.lens.modules.all().length, words.join(', '));
  }

  /** Asks what to show; false when nothing was chosen. */
  async choose(): Promise<boolean> {
    const all = this.lens.modules.all();
    const count = (verdict: string): string =>
      String(all.filter(report => verdictKind(overall(report)) === verdict).length);
    const items: (vscode.QuickPickItem & { readonly filter: ModuleFilter | 'name' })[] = [
      { label: t('All modules'), description: String(all.length), filter: EVERYTHING },
      ...(['refused', 'unchecked', 'loads'] as const).map(verdict => ({
        label: verdictWord(verdict),
        description: count(verdict),
        filter: { ...this.filter, verdict },
      })),
      { label: t('Name or folder contains…'), filter: 'name' },
    ];
    const picked = await vscode.window.showQuickPick(items, { title: t('Show which modules?') });
    if (!picked) return false;
    if (picked.filter !== 'name') {
      this.filter = picked.filter;
      return true;
    }
    const text = await vscode.window.showInputBox({ title: t('Name or folder contains…'), value: this.filter.text });
    if (text === undefined) return false;
    this.filter = { ...this.filter, text: text.trim().toLowerCase() };
    return true;
  }
}

/** The folder of a module, relative to the workspace; that of the workspace itself by its name. */
function folderOf(module: string): string {
  const directory = path.dirname(module);
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(module));
  return folder?.uri.fsPath === directory ? folder.name : vscode.workspace.asRelativePath(directory);
}

function verdictWord(verdict: 'loads' | 'refused' | 'unchecked'): string {
  if (verdict === 'loads') return t('would load');
  return verdict === 'refused' ? t('refused') : t('unchecked');
}
