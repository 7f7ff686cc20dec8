// The extension of browsers, in a world that has what browsers have and nothing of Node.js.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { inspect } from 'node:util';
import vm from 'node:vm';
import { COMMANDS } from '../../../src/host/editor/ids';
import type { ToView, ViewMethod } from '../../../src/protocol/view';
import { repositoryRoot } from '../../kernel/lib/paths';

const root = repositoryRoot();
const workspace = path.join(root, 'media', 'workspace');

interface FakeUri {
  readonly path: string;
  with(change: { path: string }): FakeUri;
  toString(): string;
}

const uri = (file: string): FakeUri => ({
  path: file,
  with: change => uri(change.path),
  toString: () => `mem:${file}`,
});
const DEEP = { depth: null, maxArrayLength: null };

const nothing = { dispose: () => undefined };

type Handler = (argument: unknown) => unknown;

interface Panel {
  readonly webview: Record<string, unknown>;
  onDidDispose(listener: () => void): unknown;
}

/** As much of an editor as the extension needs, over the sample workspace. */
class FakeEditor {
  readonly commands = new Map<string, Handler>();
  readonly printed: string[] = [];
  readonly said: string[] = [];
  readonly problems: object[] = [];
  provider: { resolveCustomEditor(document: { uri: FakeUri }, panel: Panel): void } | null = null;
  texts: { provideTextDocumentContent(uri: FakeUri): string } | null = null;
  shown = '';
  readonly answers = { input: '', clipboard: '' };

  readonly vscode = {
    Uri: Object.assign(function Uri() {}, {
      joinPath: (base: FakeUri, ...parts: string[]) => uri(path.posix.join(base.path, ...parts)),
      parse: (text: string) => text,
      from: ({ path: file }: { path: string }) => uri(file),
    }),
    Range: class {},
    RelativePattern: class {},
    Diagnostic: class {},
    DiagnosticRelatedInformation: class {},
    Location: class {},
    DiagnosticSeverity: { Error: 0 },
    EventEmitter: class {
      readonly event = (): object => nothing;
      fire(): void {}
    },
    Disposable: { from: () => nothing },
    FileType: { File: 1, Directory: 2 },
    TabInputCustom: class {},
    languages: {
      createDiagnosticCollection: () => ({
        set: (_: FakeUri, all: readonly object[]) => this.problems.push(...all),
        delete: () => undefined,
      }),
    },
    ConfigurationTarget: { Workspace: 2 },
    l10n: {
      t: (message: string, ...values: unknown[]) =>
        message.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
    },
    env: {
      language: 'en',
      clipboard: { readText: () => Promise.resolve(this.answers.clipboard), writeText: () => Promise.resolve() },
    },
    window: {
      createOutputChannel: () => ({
        appendLine: (line: string) => this.printed.push(line),
        show: () => undefined,
        ...nothing,
      }),
      tabGroups: { activeTabGroup: {} },
      createTreeView: () => ({ ...nothing }),
      registerCustomEditorProvider: (_: string, provider: FakeEditor['provider']) => {
        this.provider = provider;
        return nothing;
      },
      showInformationMessage: (text: string) => Promise.resolve(void this.said.push(text)),
      showErrorMessage: (text: string) => Promise.resolve(void this.said.push(text)),
      showInputBox: () => Promise.resolve(this.answers.input),
      showQuickPick: (items: readonly unknown[]) => Promise.resolve(items[0]),
      showTextDocument: () => Promise.resolve(),
    },
    workspace: {
      workspaceFolders: [{ uri: uri(workspace) }],
      fs: {
        readFile: ({ path: file }: FakeUri) => Promise.resolve(new Uint8Array(readFileSync(file))),
        readDirectory: ({ path: folder }: FakeUri) =>
          Promise.resolve(
            readdirSync(folder).map(name => [name, statSync(path.join(folder, name)).isDirectory() ? 2 : 1]),
          ),
        stat: () => Promise.resolve({ mtime: 1, size: 1 }),
      },
      // Without a search it never answers.
      findFiles: () => new Promise(() => undefined),
      getWorkspaceFolder: () => undefined,
      createFileSystemWatcher: () => ({
        onDidChange: () => nothing,
        onDidCreate: () => nothing,
        onDidDelete: () => nothing,
        ...nothing,
      }),
      onDidChangeWorkspaceFolders: () => nothing,
      registerTextDocumentContentProvider: (_: string, provider: FakeEditor['texts']) => {
        this.texts = provider;
        return nothing;
      },
      asRelativePath: ({ path: file }: FakeUri) => path.posix.relative(workspace, file),
      openTextDocument: (uri: FakeUri) =>
        Promise.resolve((this.shown = this.texts?.provideTextDocumentContent(uri) ?? '')),
      onDidChangeConfiguration: () => nothing,
      getConfiguration: () => ({
        get: (key: string, fallback: unknown) =>
          key === 'targets' ? ['${workspaceFolder}/kernels/debian-12.kernel.json.br'] : fallback,
      }),
    },
    commands: {
      registerCommand: (id: string, run: Handler) => {
        this.commands.set(id, run);
        return nothing;
      },
      executeCommand: (id: string) =>
        id === 'markdown.showPreview' ? Promise.reject(new Error('not here')) : Promise.resolve(),
    },
  };

  constructor() {
    const code = readFileSync(path.join(root, 'dist', 'browser.js'), 'utf8');
    const exported = { exports: {} as { activate?: (context: object) => void } };
    const require = (name: string): unknown => {
      if (name !== 'vscode') throw new Error(`${name} is not there in a browser`);
      return this.vscode;
    };
    // What web workers have; the language itself comes with the context.
    const names = [
      'TextDecoder',
      'TextEncoder',
      'ReadableStream',
      'DecompressionStream',
      'WebAssembly',
      'crypto',
      'Blob',
      'URL',
    ];
    const web = Object.fromEntries(names.map(name => [name, Reflect.get(globalThis, name) as unknown]));
    vm.runInNewContext(code, { ...web, setTimeout, module: exported, exports: exported.exports, require, console });
    exported.exports.activate?.({ subscriptions: [], extensionUri: uri(root) });
  }

  /** Opens a module; what the page gets when it asks. */
  open(file: string): (method: ViewMethod, params: object) => Promise<unknown> {
    let receive: (message: unknown) => void = () => undefined;
    let answered: (message: ToView) => void = () => undefined;
    const webview = {
      onDidReceiveMessage: (listener: typeof receive) => ((receive = listener), nothing),
      postMessage: (message: ToView) => answered(message),
      asWebviewUri: (file: FakeUri) => file,
      cspSource: 'self',
    };
    this.provider?.resolveCustomEditor({ uri: uri(file) }, { webview, onDidDispose: () => nothing });
    return (method, params) =>
      new Promise((resolve, reject) => {
        answered = message => {
          if (message.kind === 'answer' && message.ok) resolve(message.value);
          else reject(new Error(JSON.stringify(message)));
        };
        receive({ kind: 'request', id: 1, method, params });
      });
  }
}

test('every command is there; what needs files says so', async () => {
  const editor = new FakeEditor();
  assert.deepEqual([...editor.commands.keys()].sort(), [...COMMANDS].sort());
  await editor.commands.get('insmodLens.build')?.(undefined);
  assert.match(editor.said.join(), /needs files on disk/);
});

test('a module opens: summary, layout, steps and tables', async () => {
  const ask = new FakeEditor().open(`${workspace}/trouble/trouble.ko`);
  const summary = (await ask('summary', {})) as { targets: { release: string; errnoName: string }[]; failure: null };
  assert.equal(summary.failure, null);
  assert.equal(
    summary.targets.map(({ release, errnoName }) => `${release} ${errnoName}`).join(),
    '6.1.0-50-amd64 EINVAL',
  );
  assert.ok(inspect(await ask('steps', { target: 0 }), DEEP).includes('simplify_symbols'));
  assert.ok(inspect(await ask('layout', { target: 0 }), DEEP).includes('.init.text'));
  assert.ok(inspect(await ask('tables', {}), DEEP).includes('kallsyms_lookup_name'));
  await assert.rejects(ask('graph', { target: 0, depth: 1, direction: 'both', focus: null }), /files on disk/);
});

test('insmod is simulated, and a log explained', async () => {
  const editor = new FakeEditor();
  editor.answers.input = 'whom=you tims=2';
  await editor.commands.get('insmodLens.simulateInsmod')?.(undefined);
  assert.equal(editor.said.join(), '');
  assert.match(editor.printed.join('\n'), /greeter: unknown parameter 'tims' ignored/);
  assert.match(editor.printed.join('\n'), /# would load/);
  editor.answers.clipboard = 'trouble: disagrees about version of symbol kfree';
  await editor.commands.get('insmodLens.explainLog')?.(undefined);
  assert.match(editor.shown, /symbol-version[\s\S]*What to do/);
});
