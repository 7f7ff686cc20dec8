// An extension of the tests alone: files that lie on a web server, for an editor that has no disk. As most of those that
// can be installed it brings no search: that part of the editor's interface is not open to them.
import * as vscode from 'vscode';
import { FILES_SCHEME, type FileAnswer } from './files';

/** Where the server keeps the files; answers JSON about them, and takes what is saved. */
class WebFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  constructor(private readonly server: vscode.Uri) {}

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { directory, size, mtime } = await this.ask(uri);
    return { type: directory ? vscode.FileType.Directory : vscode.FileType.File, size, mtime, ctime: 0 };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { entries } = await this.ask(uri);
    return entries.map(({ name, directory }) => [name, directory ? vscode.FileType.Directory : vscode.FileType.File]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new Uint8Array(await (await this.fetch(uri, '')).arrayBuffer());
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const isNew = await this.stat(uri).then(
      () => false,
      () => true,
    );
    await this.fetch(uri, '', { method: 'PUT', body: new Uint8Array(content) });
    this.changed.fire([{ type: isNew ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed, uri }]);
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  private async ask(uri: vscode.Uri): Promise<FileAnswer> {
    return (await (await this.fetch(uri, '?about')).json()) as FileAnswer;
  }

  private async fetch(uri: vscode.Uri, query: string, init?: RequestInit): Promise<Response> {
    const place = vscode.Uri.joinPath(this.server, uri.path).toString();
    const response = await fetch(`${place}${query}`, init);
    if (!response.ok) throw vscode.FileSystemError.FileNotFound(uri);
    return response;
  }
}

export function activate(context: vscode.ExtensionContext): void {
  const files = new WebFiles(context.extensionUri.with({ path: '/files' }));
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider(FILES_SCHEME, files));
}
