// Building with kbuild and real headers: what it prints is in Problems, on lines of files that are there.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { inWorkspace, waitFor } from './support';

/** A directory with a Kbuild alone: it has no rules, so make has to be told of the kernel. */
const KBUILD = 'obj-m := nolicense.o undefined.o broken.o\n';

const SOURCES: Readonly<Record<string, string>> = {
  'nolicense.c': `#include <linux/module.h>
static int __init nolicense_init(void)
{
	return 0;
}
module_init(nolicense_init);
`,
  'undefined.c': `#include <linux/module.h>
extern void not_there(void);
static int __init undefined_init(void)
{
	not_there();
	return 0;
}
module_init(undefined_init);
MODULE_LICENSE("GPL");
`,
  'broken.c': `#include <linux/module.h>
static int __init broken_init(void)
{
	no_such_name++;
	return 0;
}
module_init(broken_init);
MODULE_LICENSE("GPL");
`,
};

suite('building', () => {
  const kernel = process.env['INSMOD_LENS_KDIR'];
  const at = (name: string): string => inWorkspace('kbuild', name);
  const settings = vscode.workspace.getConfiguration('insmodLens');
  const targets = settings.inspect('targets')?.workspaceValue;

  suiteSetup(async function () {
    if (kernel === undefined) return this.skip();
    mkdirSync(inWorkspace('kbuild'));
    writeFileSync(at('Kbuild'), KBUILD);
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(at(name), text);
    await settings.update('targets', [kernel], vscode.ConfigurationTarget.Workspace);
  });

  suiteTeardown(async () => {
    await settings.update('targets', targets, vscode.ConfigurationTarget.Workspace);
    rmSync(inWorkspace('kbuild'), { recursive: true, force: true });
  });

  test('errors of the compiler, then those of modpost, then none', async function () {
    this.timeout(180_000);
    const tasks = await vscode.tasks.fetchTasks({ type: 'insmod-lens' });
    assert.ok(
      !tasks.some(({ definition }) => definition['directory'] === inWorkspace('kbuild')),
      'nothing is built yet',
    );

    await build();
    assert.deepEqual(problems(), [
      "broken.c:4:2 error compiler 'no_such_name' undeclared (first use in this function)",
    ]);

    writeFileSync(at('broken.c'), (SOURCES['broken.c'] ?? '').replace('no_such_name++', ''));
    await build();
    assert.deepEqual(problems(), [
      'nolicense.c:6:1 error modpost missing MODULE_LICENSE() in nolicense.o',
      'undefined.c:5:2 error modpost "not_there" [undefined.ko] undefined!',
    ]);

    writeFileSync(at('nolicense.c'), `${SOURCES['nolicense.c'] ?? ''}MODULE_LICENSE("GPL");\n`);
    writeFileSync(at('undefined.c'), (SOURCES['undefined.c'] ?? '').replace('not_there();', ''));
    await build();
    assert.deepEqual(problems(), []);
    assert.ok(existsSync(at('undefined.ko')));
  });

  /** Runs make as "Build module" does for a directory without any module. */
  async function build(): Promise<void> {
    const ended = waitFor<void>(done => vscode.tasks.onDidEndTaskProcess(() => done()), 'the end of make', 120_000);
    await vscode.commands.executeCommand('insmodLens.build', { modulePath: at('undefined.ko') });
    await ended;
  }

  /** What the build left in Problems, in order of files and lines, with names of files for whole paths. */
  function problems(): string[] {
    const ours = vscode.languages
      .getDiagnostics()
      .filter(([uri]) => path.dirname(uri.fsPath) === inWorkspace('kbuild'));
    return ours
      .flatMap(([uri, list]) =>
        list
          .filter(({ source }) => source === 'compiler' || source === 'modpost')
          .map(({ range: { start }, severity, source, message }) => {
            const place = `${path.basename(uri.fsPath)}:${start.line + 1}:${start.character + 1}`;
            const text = message.replaceAll(`${inWorkspace('kbuild')}/`, '').replace(/[‘’]/g, "'");
            return `${place} ${severity === vscode.DiagnosticSeverity.Error ? 'error' : 'warning'} ${source} ${text}`;
          }),
      )
      .sort();
  }
});
