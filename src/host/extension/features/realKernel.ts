// The commands "Load on the real kernel" and "Debug on the real kernel". A separate process runs the virtual machine.
import * as vscode from 'vscode';
import type { BootEditorRequest } from '../../../protocol/boot';
import type { BootSubject, PageAction } from '../../../protocol/pages';
import { ReasonedError, type Note } from '../../../findings/notes';
import { command } from '../../editor/commands';
import { SECTION, type ModuleArgument } from '../../editor/ids';
import { setting } from '../../editor/settings';
import { debugIn } from '../debugging';
import { moduleName, type Lens } from '../lens';
import { bootPageOf, bugReport } from '../model/bootPage';
import { say, t } from '../model/l10n';
import { ReportPages } from '../reportPages';

export function register(lens: Lens): vscode.Disposable {
  return new RealKernel(lens);
}

class RealKernel implements vscode.Disposable {
  private readonly pages: ReportPages<BootSubject>;
  private readonly registered: vscode.Disposable;
  private channel: vscode.OutputChannel | null = null;
  private readonly abort = new AbortController();

  constructor(private readonly lens: Lens) {
    this.pages = new ReportPages<BootSubject>(lens.context.extensionUri, {
      kind: 'boot',
      key: ({ path, target }) => `${path} ${target.path}`,
      act: (subject, action) => this.act(subject, action),
    });
    this.registered = vscode.Disposable.from(
      command('insmodLens.loadOnKernel', argument => this.load(argument)),
      command('insmodLens.debugOnKernel', argument => this.debug(argument)),
    );
  }

  dispose(): void {
    this.abort.abort();
    this.registered.dispose();
    this.pages.dispose();
    this.channel?.dispose();
  }

  /** Made when it is first written to. */
  private get console(): vscode.OutputChannel {
    return (this.channel ??= vscode.window.createOutputChannel(t('Insmod Lens: real kernel')));
  }

  private async load(argument: ModuleArgument): Promise<void> {
    const asked = await this.ask(argument);
    if (asked) await this.run(asked);
  }

  private async run(asked: Asked): Promise<void> {
    const { request, release } = asked;
    const name = moduleName(request.path);
    const answer = await this.retrying(asked, boot =>
      this.withProgress(t('Loading {0} on the real kernel {1}', name, release), (signal, show) =>
        this.lens.inProcess('boot', boot, signal, event => {
          if (event.kind === 'console') show(event.text);
        }),
      ),
    );
    if (!answer) return;
    const { answered, boot } = answer;
    this.console.appendLine(`# ${answered.report.summary}`);
    const report = bugReport(answered, boot, this.version);
    const { path, args } = request;
    this.pages.show({
      title: t('{0} on {1}', name, release),
      page: bootPageOf(answered, vscode.workspace.asRelativePath(path)),
      subject: { kind: 'boot', path, args, target: asked.target, release, bugReport: report },
    });
    this.lens.tellBooted(answered.report);
    // Not waited for: the message stays until someone answers.
    const { agrees, kernel, real } = answered.report;
    // Another kernel than the simulated one may differ, and should.
    if (!agrees && real.version?.includes(` ${kernel.release} `)) void offerReport(name, report);
  }

  private async act({ path, args, target, release, bugReport }: BootSubject, action: PageAction): Promise<void> {
    if (action === 'console') this.console.show(true);
    else if (action === 'bug-report') await copyReport(bugReport);
    else if (isTrusted()) await this.run({ request: { ...this.lens.requestFor(path), args }, target, release });
  }

  private get version(): string {
    return (this.lens.context.extension.packageJSON as { readonly version: string }).version;
  }

  private async debug(argument: ModuleArgument): Promise<void> {
    const asked = await this.ask(argument);
    if (!asked) return;
    const name = moduleName(asked.request.path);
    await this.retrying(asked, boot =>
      this.withProgress(t('Debugging {0} on the real kernel {1}', name, asked.release), (signal, show) => {
        const ended = new AbortController();
        const whole = AbortSignal.any([signal, ended.signal]);
        return this.lens.inProcess('debugBoot', boot, whole, event => {
          if (event.kind === 'console') show(event.text);
          if (event.kind !== 'debugger') return;
          show(t('The machine waits for a debugger.'));
          debugIn(this.lens, asked.request.path, event, whole, () => ended.abort()).catch((error: unknown) => {
            ended.abort();
            void vscode.window.showErrorMessage(String(error));
          });
        });
      }),
    );
  }

  /** Which module, on which kernel; undefined when there is nothing to do. */
  private async ask(argument: ModuleArgument): Promise<Asked | undefined> {
    if (!isTrusted()) return undefined;
    const modulePath = await this.lens.pickModule(argument);
    if (modulePath === undefined) return undefined;
    const settings = this.lens.requestFor(modulePath);
    const args = argument !== undefined && 'modulePath' in argument ? argument.args : undefined;
    const request = args === undefined ? settings : { ...settings, args };
    const report = this.lens.modules.report(modulePath) ?? (await this.lens.worker.request('insmod', request));
    const kernels = report.results.map(({ target, release }) => ({ target, release }));
    const chosen = await chooseKernel(kernels);
    return chosen && { request, ...chosen };
  }

  /** Runs, and once more with an image that is asked for where none is found. */
  private async retrying<T>(
    { request, target, release }: Asked,
    run: (boot: BootEditorRequest) => Thenable<T>,
  ): Promise<{ readonly answered: T; readonly boot: BootEditorRequest } | null> {
    const { globalState } = this.lens.context;
    const key = `image ${target.path}`;
    let image = globalState.get<string>(key) ?? null;
    for (;;) {
      const boot = { request, target, image, qemu: setting('qemu') || null };
      try {
        return { answered: await run(boot), boot };
      } catch (error) {
        const reason = error instanceof ReasonedError ? reasonInside(error.reason) : null;
        if (reason?.id === 'no-qemu' || reason?.id === 'no-qemu-there') {
          void tellNoQemu(error as ReasonedError);
          return null;
        }
        // One that was chosen before may be gone.
        if (reason?.id !== 'no-image' && image === null) throw error;
        await globalState.update(key, undefined);
        if (reason?.id !== 'no-image') throw error;
        image = (await askForImage(release)) ?? null;
        if (image === null) return null;
        await globalState.update(key, image);
      }
    }
  }

  /** Console lines go to their channel, the newest also to the message. */
  private withProgress<T>(
    title: string,
    work: (signal: AbortSignal, show: (line: string) => void) => Promise<T>,
  ): Thenable<T> {
    this.console.appendLine(`# ${title}`);
    this.console.show(true);
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        progress.report({ message: t('starting the virtual machine') });
        return work(AbortSignal.any([abort.signal, this.abort.signal]), line => {
          this.console.appendLine(line);
          progress.report({ message: line.slice(0, MOST_SHOWN) });
        });
      },
    );
  }
}

interface Kernel {
  readonly target: BootEditorRequest['target'];
  readonly release: string;
}

interface Asked extends Kernel {
  readonly request: BootEditorRequest['request'];
}

function isTrusted(): boolean {
  if (!vscode.workspace.isTrusted)
    void vscode.window.showWarningMessage(
      t('Loading a module runs its code in a virtual machine, which needs a trusted workspace.'),
    );
  return vscode.workspace.isTrusted;
}

async function offerReport(name: string, report: string): Promise<void> {
  const copy = t('Copy bug report');
  const text = t('Simulation and real kernel differ about {0}. This is a bug of Insmod Lens.', name);
  if ((await vscode.window.showWarningMessage(text, copy)) === copy) await copyReport(report);
}

async function copyReport(report: string): Promise<void> {
  await vscode.env.clipboard.writeText(report);
  void vscode.window.showInformationMessage(t('Copied a bug report. It holds no bytes of the module.'));
}

/** Characters of a message that is a line high. */
const MOST_SHOWN = 80;

async function chooseKernel(kernels: readonly Kernel[]): Promise<Kernel | undefined> {
  if (kernels.length === 0) {
    const select = t('Select target kernels');
    const text = t('There is no kernel to load the module into.');
    if ((await vscode.window.showInformationMessage(text, select)) === select)
      await vscode.commands.executeCommand('insmodLens.selectTargets');
  }
  if (kernels.length < 2) return kernels[0];
  const items = kernels.map(kernel => ({
    label: kernel.release,
    description: vscode.workspace.asRelativePath(kernel.target.path),
    kernel,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Kernel to boot') }))?.kernel;
}

/** What is wrong with a file, without its name. */
function reasonInside({ id, facts }: Note): Note | null {
  const { reason } = facts;
  return id === 'about' && typeof reason === 'object' ? reason : null;
}

async function tellNoQemu({ reason }: ReasonedError): Promise<void> {
  const settings = t('Open setting');
  if ((await vscode.window.showErrorMessage(say(reason), settings)) === settings)
    await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.qemu`);
}

async function askForImage(release: string): Promise<string | undefined> {
  const choose = t('Choose image');
  const text = t('No image of the kernel {0} was found beside it or in /boot.', release);
  if ((await vscode.window.showWarningMessage(text, choose)) !== choose) return undefined;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: true,
    openLabel: t('Boot'),
    title: t('The image of the kernel {0} (vmlinuz, Image)', release),
  });
  return chosen?.[0]?.fsPath;
}
