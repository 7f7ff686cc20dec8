// The modules and snapshots of the workspace, found by walking through it: the editor's own search waits for ever where a
// file system brings none, and in browsers few do.
import * as vscode from 'vscode';
import { MODULE_FILE } from '../../formats/ko/moduleName';
import { setting } from '../editor/settings';
import { globPattern } from './globs';

/** What nobody keeps a module in. */
const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules']);
/** Folders that are read; each may be a request over the network. */
const MOST_FOLDERS = 4000;
/** How many are asked for at a time. */
const AT_ONCE = 16;
/** More than anybody chooses from. */
const MOST_FOUND = 1000;

export interface Found {
  readonly modules: readonly vscode.Uri[];
  readonly snapshots: readonly vscode.Uri[];
  /** Not all folders were read: how many were; null normally. */
  readonly onlyFolders: number | null;
}

export class WorkspaceFiles implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something may have come or gone. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  private found: Promise<Found> | null = null;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{ko,xz,zst,json,gz,br}', false, true, false);
    this.subscriptions = [
      this.changed,
      watcher,
      watcher.onDidCreate(() => this.forget()),
      watcher.onDidDelete(() => this.forget()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.forget()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('insmodLens.snapshots')) this.forget();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** What was found last, until something changes. */
  find(): Promise<Found> {
    this.found ??= walk();
    return this.found;
  }

  forget(): void {
    this.found = null;
    this.changed.fire();
  }
}

/** Near files first; in the order of their names. */
async function walk(): Promise<Found> {
  const globs = setting('snapshots').map(globPattern);
  const modules: vscode.Uri[] = [];
  const snapshots: vscode.Uri[] = [];
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  let waiting = roots.map(uri => ({ uri, path: '' }));
  let folders = 0;
  while (waiting.length > 0 && folders < MOST_FOLDERS && modules.length + snapshots.length < MOST_FOUND) {
    const now = waiting.slice(0, AT_ONCE);
    const next: typeof waiting = [];
    const listings = await Promise.all(now.map(({ uri }) => list(uri)));
    listings.forEach((entries, i) => {
      const folder = now[i];
      if (!folder) return;
      for (const [name, type] of entries) {
        const [uri, path] = [vscode.Uri.joinPath(folder.uri, name), folder.path + name];
        // Not through links: they may lead round in circles.
        if (type === vscode.FileType.Directory) {
          if (!SKIPPED.has(name)) next.push({ uri, path: `${path}/` });
        } else if ((type & vscode.FileType.Directory) === 0) {
          if (MODULE_FILE.test(name)) modules.push(uri);
          else if (globs.some(glob => glob.test(path))) snapshots.push(uri);
        }
      }
    });
    folders += now.length;
    waiting = [...waiting.slice(AT_ONCE), ...next];
  }
  return { modules: sorted(modules), snapshots: sorted(snapshots), onlyFolders: waiting.length > 0 ? folders : null };
}

/** What is in a folder; nothing where it cannot be read. */
async function list(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

function sorted(uris: readonly vscode.Uri[]): vscode.Uri[] {
  const key = (uri: vscode.Uri): string => uri.toString();
  return [...uris].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
