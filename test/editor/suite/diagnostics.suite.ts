// What is said of the sample module, and how it follows the file.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { codeOf, diagnosticsIn, diagnosticsUntil, inWorkspace, lensApi, reportOf, waitFor } from './support';

suite('diagnostics of the sample', () => {
  const module = inWorkspace('sample', 'hello.ko');
  const source = inWorkspace('sample', 'hello.c');
  const stays = inWorkspace('stays', 'noexit.c');
  const saved = inWorkspace('hello.saved');
  const has = (code: string) => (all: readonly vscode.Diagnostic[]) => all.some(d => codeOf(d) === code);
  const setParameters = (value: Record<string, string> | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('insmodLens').update('parameters', value, vscode.ConfigurationTarget.Workspace);

  suiteSetup(async () => {
    copyFileSync(module, saved);
    await reportOf(module);
  });

  teardown(async () => {
    await setParameters(undefined);
    copyFileSync(saved, module);
    await reportOf(module, report => report.results[0]?.result.verdict === 'loads');
  });

  test('the module loads, and no error is shown', async () => {
    const report = await reportOf(module);
    assert.equal(report.results[0]?.result.verdict, 'loads');
    assert.deepEqual(
      diagnosticsIn(source).filter(d => d.severity === vscode.DiagnosticSeverity.Error),
      [],
    );
  });

  test('parameters come from the setting', async () => {
    await setParameters({ hello: 'tims=2 times=many' });
    const all = await diagnosticsUntil(source, has('invalid-parameter'), 'the refused parameter');
    // The module has no line for a parameter that it does not have: the setting has.
    assert.ok(!has('unknown-parameter')(all));
    const settings = inWorkspace('.vscode', 'settings.json');
    const [unknown] = await diagnosticsUntil(settings, has('unknown-parameter'), 'the unknown parameter');
    const document = await vscode.workspace.openTextDocument(settings);
    assert.equal(document.getText(unknown?.range), 'tims');
    const refused = all.find(d => codeOf(d) === 'invalid-parameter');
    assert.equal(refused?.range.start.line, lineOf(source, 'module_param(times'));
    assert.match(refused?.message ?? '', /invalid for parameter/);
  });

  test('what would come next behind a refusal is shown as information', async () => {
    const kernels = vscode.workspace.getConfiguration('insmodLens');
    const targets = kernels.get<string[]>('targets') ?? [];
    const set = (paths: readonly string[]): Thenable<void> =>
      kernels.update('targets', paths, vscode.ConfigurationTarget.Workspace);
    await setParameters({ hello: 'times=many' });
    await set([inWorkspace('sample', 'newer.json.br')]);
    try {
      const isNext = (d: vscode.Diagnostic): boolean => /Would come next on 7\.2/.test(d.message);
      const all = await diagnosticsUntil(source, shown => shown.some(isNext), 'what would come next');
      const next = all.filter(isNext).map(d => [codeOf(d), d.severity]);
      assert.ok(next.every(([, severity]) => severity === vscode.DiagnosticSeverity.Information));
      assert.ok(next.some(([code]) => code === 'invalid-parameter'));
      const refusals = ['Makefile', 'hello.c', 'hello.ko']
        .flatMap(name => diagnosticsIn(inWorkspace('sample', name)))
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.deepEqual(refusals.map(codeOf), ['this-module-size'], 'the refusal itself');
    } finally {
      await set(targets);
    }
  });

  test('a module without an exit function has a hint on its init', async () => {
    const hint = await diagnosticsUntil(stays, has('no-exit'), 'the hint');
    const shown = hint.find(d => codeOf(d) === 'no-exit');
    assert.equal(shown?.severity, vscode.DiagnosticSeverity.Hint);
    assert.equal(shown.range.start.line, lineOf(stays, 'module_init'));
  });

  test('a damaged module is refused, a repaired one is not', async () => {
    const before = await reportOf(module);
    const bytes = readFileSync(saved);
    writeFileSync(module, bytes.fill(0, 0, 16));
    const report = await reportOf(module, r => r.results[0]?.result.verdict === 'refused');
    assert.equal(report.results[0]?.result.errnoName, 'ENOEXEC');
    assert.notEqual(report.stamp, before.stamp);
  });

  test('a module that goes away takes its diagnostics along', async () => {
    await setParameters({ hello: 'times=many' });
    await diagnosticsUntil(source, has('invalid-parameter'), 'the refused parameter');
    rmSync(module);
    await diagnosticsUntil(source, all => all.length === 0, 'the end of the diagnostics');
  });

  test('every rewriting of a module of 300 KB is shown, each once', async () => {
    const api = await lensApi();
    // With debug information, which is what takes the time.
    const large = inWorkspace('debug', 'located.ko');
    const bytes = readFileSync(large);
    const stamps: string[] = [];
    const subscription = api.onDidPublish(({ path, report }) => path === large && report && stamps.push(report.stamp));
    for (let i = 0; i < 7; i++) {
      const published = waitFor<boolean>(
        done => api.onDidPublish(({ path }) => path === large && done(true)),
        'the report',
      );
      writeFileSync(large, Buffer.concat([bytes, Buffer.alloc(Math.max(0, (300 << 10) - bytes.length) + i)]));
      await published;
    }
    subscription.dispose();
    assert.equal(stamps.length, 7);
    assert.equal(new Set(stamps).size, 7);
  });

  test('ten modules rewritten at once each show their final state, once', async () => {
    const api = await lensApi();
    const bytes = readFileSync(saved);
    const names = Array.from({ length: 10 }, (_, i) => inWorkspace('sample', `copy${i}.ko`));
    const counts = new Map<string, number>();
    const subscription = api.onDidPublish(({ path, report }) => {
      if (report) counts.set(path, (counts.get(path) ?? 0) + 1);
    });
    // As a linker does it: a first half, then all of it.
    for (const name of names) writeFileSync(name, bytes.subarray(0, 3000));
    for (const name of names) writeFileSync(name, bytes);
    for (const name of names) await reportOf(name, r => r.results[0]?.result.verdict === 'loads');
    await new Promise(resolve => setTimeout(resolve, 500));
    subscription.dispose();
    assert.deepEqual(
      names.map(name => counts.get(name)),
      names.map(() => 1),
    );
    for (const name of names) rmSync(name);
  });
});

/** 0-based line on which a text first stands. */
function lineOf(file: string, text: string): number {
  return readFileSync(file, 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text));
}
