// Which modules there are and when to look at them again: files, saves, settings.
import path from 'node:path';
import * as vscode from 'vscode';
import { MODULE_FILE } from '../../../formats/ko/moduleName';
import { SNAPSHOT_NAME } from '../../../target/snapshot';
import { KERNEL_NAME } from '../../../target/kernelName';
import { SECTION } from '../../editor/ids';
import type { EditorReport } from '../../../protocol/worker';
import type { Lens } from '../lens';
import { setting } from '../../editor/settings';

const MODULES = '**/*.{ko,ko.xz,ko.zst,ko.gz}';
/** More are not counted. */
const MOST_COUNTED = 20_000;

export function register(lens: Lens): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(MODULES);
  const touch = (uri: vscode.Uri): void => {
    if (uri.scheme === 'file' && lens.modules.touch(uri.fsPath)) watchDirectories(lens);
  };
  // A folder that appears with modules in it is told as one event, that of the folder.
  const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, true);
  const look = (): void => {
    discover(lens).catch((error: unknown) => lens.log.warn(`modules could not be looked for: ${String(error)}`));
  };
  const again = (): void => {
    lens.modules.refresh();
    watchDirectories(lens);
  };
  look();
  // Edited by another program: a switch of branches, a formatter, another editor.
  const sources = vscode.workspace.createFileSystemWatcher('**/*.{c,h,S}', true, false, true);
  return vscode.Disposable.from(
    watcher,
    sources,
    sources.onDidChange(({ scheme, fsPath }) => {
      const isOf = (report: EditorReport): boolean => report.sources.includes(fsPath) || fsPath in report.texts;
      if (scheme === 'file')
        lens.modules.refresh(
          lens.modules
            .all()
            .filter(isOf)
            .map(report => report.path),
        );
    }),
    folders,
    folders.onDidCreate(uri => void touchModulesIn(uri, touch)),
    watcher.onDidCreate(touch),
    watcher.onDidChange(touch),
    // Through the same door: an unlinked file is usually about to be written again.
    watcher.onDidDelete(touch),
    lens.onWorkerEvent(event => {
      if (event.kind === 'target-changed') lens.modules.refresh();
      if (event.kind !== 'module-changed') return;
      const uri = vscode.Uri.file(event.path);
      if (vscode.workspace.getWorkspaceFolder(uri)) touch(uri);
    }),
    vscode.workspace.onDidSaveTextDocument(document => onSave(lens, document)),
    vscode.workspace.onDidChangeWorkspaceFolders(change => {
      for (const { uri } of change.removed)
        for (const file of lens.modules.paths) if (isBelow(file, uri.fsPath)) lens.modules.remove(file);
      look();
    }),
    vscode.workspace.onDidChangeConfiguration(change => {
      const keys = ['targets', 'parameters', 'cmdline', 'loaded'];
      if (keys.some(key => change.affectsConfiguration(`${SECTION}.${key}`))) again();
      if (change.affectsConfiguration(`${SECTION}.maxModules`)) look();
    }),
    // Settings of the folder may name kernels elsewhere from now on.
    vscode.workspace.onDidGrantWorkspaceTrust(again),
  );
}

/** Hands on the modules in a folder; anything else that was created is left alone. */
async function touchModulesIn(created: vscode.Uri, touch: (module: vscode.Uri) => void): Promise<void> {
  if (created.scheme !== 'file' || path.extname(created.fsPath) !== '') return;
  try {
    for (const [name, type] of await vscode.workspace.fs.readDirectory(created))
      if (type !== vscode.FileType.Directory && MODULE_FILE.test(name)) touch(vscode.Uri.joinPath(created, name));
  } catch {
    // A file without an ending, or a folder that is gone again.
  }
}

/** Looks for modules in every folder. */
export async function discover(lens: Lens): Promise<void> {
  if (!vscode.workspace.workspaceFolders?.length) return;
  const most = setting('maxModules');
  const files = await vscode.workspace.findFiles(MODULES, '**/node_modules/**', Math.max(most, MOST_COUNTED));
  lens.found = files.length;
  for (const file of files.slice(0, most)) if (file.scheme === 'file') lens.modules.touch(file.fsPath);
  watchDirectories(lens);
}

function watchDirectories(lens: Lens): void {
  const targets = new Set<string>();
  for (const module of lens.modules.paths)
    for (const target of lens.requestFor(module).targets)
      if (!KERNEL_NAME.test(target.path))
        targets.add(SNAPSHOT_NAME.test(target.path) ? target.path : path.join(target.path, 'Module.symvers'));
  lens.worker.request('watch', { modules: lens.modules.paths, targets: [...targets] }).catch((error: unknown) => {
    lens.log.debug(String(error));
  });
}

/** A saved source makes positions those of the last build; a Makefile may name another kernel. */
function onSave(lens: Lens, { uri, fileName }: vscode.TextDocument): void {
  if (uri.scheme !== 'file') return;
  const name = path.basename(fileName);
  const isMake = /^(?:Makefile|makefile|GNUmakefile|Kbuild)$/.test(name);
  if (!isMake && !/\.[chS]$/.test(name)) return;
  const affected = isMake
    ? lens.modules.all().filter(report => isBelow(report.path, path.dirname(fileName)))
    : lens.reportsFor(uri);
  lens.modules.refresh(affected.map(report => report.path));
}

function isBelow(file: string, directory: string): boolean {
  return file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
