// Building: a task for each directory with modules, the command that runs one, and building on save.
import path from 'node:path';
import { SNAPSHOT_NAME } from '../../../target/snapshot';
import * as vscode from 'vscode';
import { command } from '../../editor/commands';
import { isThere } from '../../editor/uris';
import { TASK_TYPE, type ModuleArgument } from '../../editor/ids';
import type { Lens } from '../lens';
import { BuildProblems } from './buildProblems';
import { BuildTerminal } from './buildTerminal';
import { hasRules, isBuildable, makeArguments, namesModules, type BuildTask } from '../model/buildTask';
import { setting } from '../../editor/settings';
import { targetsFor } from '../settings';
import { t } from '../model/l10n';

export function register(lens: Lens): vscode.Disposable {
  const problems = new BuildProblems(lens);
  return vscode.Disposable.from(
    problems,
    vscode.tasks.registerTaskProvider(TASK_TYPE, {
      provideTasks: () => provide(lens, problems),
      resolveTask: async task => {
        const definition = toBuildTask(task.definition);
        // The very definition that is resolved has to come back.
        return definition && isBuildable(definition) && vscode.workspace.isTrusted
          ? await toTask(definition, problems, task.definition)
          : undefined;
      },
    }),
    command('insmodLens.build', argument => build(lens, problems, argument)),
    vscode.workspace.onDidSaveTextDocument(document => {
      if (setting('buildOnSave', document.uri) && vscode.workspace.isTrusted) void buildSaved(lens, problems, document);
    }),
  );
}

/** Nothing in an untrusted workspace: make runs whatever the Makefile says. */
async function provide(lens: Lens, problems: BuildProblems): Promise<vscode.Task[]> {
  if (!vscode.workspace.isTrusted) return [];
  const tasks: vscode.Task[] = [];
  for (const definition of buildTasks(lens)) {
    tasks.push(await toTask({ ...definition, target: 'modules' }, problems));
    tasks.push(await toTask({ ...definition, target: 'clean' }, problems));
  }
  return tasks;
}

function buildTasks(lens: Lens): BuildTask[] {
  const byDirectory = new Map<string, BuildTask>();
  for (const { path: file, results } of lens.modules.all()) {
    const directory = path.dirname(file);
    const kernel = results.map(({ target }) => target.path).find(target => !SNAPSHOT_NAME.test(target));
    if (!byDirectory.has(directory))
      byDirectory.set(directory, { directory, target: 'modules', ...(kernel ? { kernel } : {}) });
  }
  return [...byDirectory.values()].filter(isBuildable);
}

function toBuildTask({ directory, target, kernel }: vscode.TaskDefinition): BuildTask | null {
  if (typeof directory !== 'string') return null;
  return {
    directory,
    target: target === 'clean' ? 'clean' : 'modules',
    ...(typeof kernel === 'string' ? { kernel } : {}),
  };
}

async function toTask(
  build: BuildTask,
  problems: BuildProblems,
  definition?: vscode.TaskDefinition,
): Promise<vscode.Task> {
  const uri = vscode.Uri.file(build.directory);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const makefile = vscode.Uri.joinPath(uri, 'Makefile');
  const builds = (await isThere(makefile)) && hasRules(await readText(makefile));
  const name = `${build.target} ${vscode.workspace.asRelativePath(uri)}`;
  const args = makeArguments(build, builds);
  const execution = new vscode.CustomExecution(() =>
    Promise.resolve(new BuildTerminal(args, build.directory, () => problems.begin(build.directory))),
  );
  const task = new vscode.Task(
    definition ?? { type: TASK_TYPE, ...build },
    folder ?? vscode.TaskScope.Workspace,
    name,
    TASK_TYPE,
    execution,
  );
  if (build.target === 'modules') task.group = vscode.TaskGroup.Build;
  else task.group = vscode.TaskGroup.Clean;
  return task;
}

/** Directories of the workspace with a Makefile or Kbuild that names modules, built or not. */
async function buildableDirectories(): Promise<string[]> {
  const files = await vscode.workspace.findFiles('**/{Makefile,Kbuild}', '**/node_modules/**', MOST_MAKEFILES);
  const found = new Set<string>();
  for (const { scheme, fsPath } of files) {
    if (scheme !== 'file') continue;
    if (namesModules(await readText(vscode.Uri.file(fsPath)))) found.add(path.dirname(fsPath));
  }
  return [...found].sort();
}

async function readText(file: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
}

/** More than a person wants to choose from. */
const MOST_MAKEFILES = 200;

/** Where nothing was built yet, there is no module to choose: the directory is. */
async function chooseDirectory(): Promise<string | undefined> {
  const directories = await buildableDirectories();
  if (directories.length < 2) return directories[0];
  const items = directories.map(directory => ({ label: vscode.workspace.asRelativePath(directory), directory }));
  return (await vscode.window.showQuickPick(items, { title: t('Build which modules?') }))?.directory;
}

async function build(lens: Lens, problems: BuildProblems, argument: ModuleArgument): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(t('Building runs the Makefile, which needs a trusted workspace.'));
    return;
  }
  if (argument === undefined && lens.modules.paths.length === 0) {
    const directory = await chooseDirectory();
    if (directory !== undefined) await runBuild(lens, problems, directory);
    else void vscode.window.showWarningMessage(t('No Makefile or Kbuild in the workspace lists modules (obj-m).'));
    return;
  }
  const modulePath = await lens.pickModule(argument);
  if (modulePath !== undefined) await runBuild(lens, problems, path.dirname(modulePath));
}

async function buildSaved(lens: Lens, problems: BuildProblems, { uri, fileName }: vscode.TextDocument): Promise<void> {
  if (!/\.[chS]$|\/(?:Makefile|Kbuild)$/.test(fileName) || fileName.endsWith('.mod.c')) return;
  const directories = new Set(lens.reportsFor(uri).map(report => path.dirname(report.path)));
  for (const directory of directories) await runBuild(lens, problems, directory);
}

/** A build under way may have read the sources before the change: it is waited for, and followed by another. */
async function runBuild(lens: Lens, problems: BuildProblems, directory: string): Promise<void> {
  const builds = ({ task: { definition } }: vscode.TaskExecution): boolean =>
    definition.type === TASK_TYPE && definition['directory'] === directory;
  if (vscode.tasks.taskExecutions.some(builds)) {
    if (followed.has(directory)) return;
    followed.add(directory);
    await new Promise<void>(resolve => {
      const subscription = vscode.tasks.onDidEndTask(({ execution }) => {
        if (!builds(execution)) return;
        subscription.dispose();
        resolve();
      });
    });
    followed.delete(directory);
  }
  const known = buildTasks(lens).find(task => task.directory === directory);
  const kernel = known ? undefined : await kernelFor(lens, directory);
  const definition: BuildTask = known ?? { directory, target: 'modules', ...(kernel === undefined ? {} : { kernel }) };
  if (!isBuildable(definition)) {
    void vscode.window.showWarningMessage(t('make would take the name of {0} for a command.', directory));
    return;
  }
  await vscode.tasks.executeTask(await toTask({ ...definition, target: 'modules' }, problems));
}

/** The kernel that a directory with a Kbuild alone is built against: a target that was chosen, else the running one. */
async function kernelFor(lens: Lens, directory: string): Promise<string | undefined> {
  const found = await lens.worker.request('findTargets', {
    chosen: [],
    modules: [path.join(directory, 'any.ko')],
    snapshots: [],
  });
  const chosen = targetsFor(vscode.Uri.file(directory)).map(target => target.path);
  return [...chosen, ...found.map(target => target.path)].find(target => !SNAPSHOT_NAME.test(target));
}

/** Directories whose build under way will be followed by another. */
const followed = new Set<string>();
