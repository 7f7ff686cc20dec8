// Modules of one workspace and each other: what is needed is loaded first, and a new build is held against its users.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { expectations } from '../../support/located';
import { codeOf, diagnosticsUntil, inWorkspace, reportOf } from './support';

suite('modules of one workspace', () => {
  const user = inWorkspace('pair', 'user.ko');
  const exporter = inWorkspace('pair', 'exporter.ko');
  const saved = inWorkspace('exporter.saved');

  suiteSetup(async () => {
    copyFileSync(exporter, saved);
    await reportOf(user);
  });

  teardown(async () => {
    copyFileSync(saved, exporter);
    await reportOf(user, report => report.results[0]?.result.verdict === 'loads');
  });

  test('a module loads after the one it needs, and nothing is said of it', async () => {
    const report = await reportOf(user, ({ results }) => results[0]?.result.verdict === 'loads');
    assert.deepEqual(report.results[0]?.result.depends, ['exporter']);
    const all = vscode.languages.getDiagnostics().filter(([uri]) => uri.fsPath.includes('/pair/'));
    const loud = all.flatMap(([, list]) => list).filter(({ severity }) => severity < vscode.DiagnosticSeverity.Hint);
    assert.deepEqual(
      loud.map(({ message }) => message),
      [],
    );
  });

  test('a provider that is built with another type is held against its user at once', async () => {
    const bytes = readFileSync(saved);
    // The checksum of an export, as it stands in __versions of the user.
    const wanted = (await reportOf(user)).symbols.find(({ name }) => name === 'suite_plain')?.crc;
    assert.ok(wanted);
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(Number(wanted));
    for (let at = bytes.indexOf(crc); at >= 0; at = bytes.indexOf(crc, at + 1)) bytes.writeUInt32LE(7, at);
    writeFileSync(exporter, bytes);
    const report = await reportOf(user, ({ results }) => results[0]?.result.verdict === 'refused');
    const finding = report.results[0]?.result.findings.find(({ code }) => code === 'symbol-version');
    assert.deepEqual([finding?.facts['owner'], finding?.facts['found']], ['exporter', 7]);
  });

  test('a provider that goes away is one finding', async () => {
    rmSync(exporter);
    const report = await reportOf(user, ({ results }) => results[0]?.result.verdict === 'refused');
    const codes = report.results[0]?.result.findings.map(({ code }) => code) ?? [];
    assert.equal(codes.filter(code => code === 'dependency-missing').length, 1);
  });
});

suite('places while the text is edited', () => {
  const folder = inWorkspace('debug');
  const source = inWorkspace('debug', 'main.c');
  const isAbsent = (all: readonly vscode.Diagnostic[]): vscode.Diagnostic | undefined =>
    all.find(each => codeOf(each) === 'symbol-not-in-target' && each.message.includes('absent_symbol'));

  test('a diagnostic goes down with its line, and away with its text', async () => {
    await reportOf(inWorkspace('debug', 'located.ko'), ({ results }) => results.length > 0);
    const first = expectations().find(({ kind, name }) => kind === 'use' && name === 'absent_symbol');
    assert.ok(first, folder);
    const before = isAbsent(await diagnosticsUntil(source, all => isAbsent(all) !== undefined, 'the diagnostic'));
    assert.ok(before);
    const document = await vscode.workspace.openTextDocument(source);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '/* new */\n\n');
    await vscode.workspace.applyEdit(edit);
    const { line } = before.range.start;
    const moved = isAbsent(
      await diagnosticsUntil(source, all => isAbsent(all)?.range.start.line === line + 2, 'the moved diagnostic'),
    );
    assert.equal(document.getText(moved?.range), document.getText(moved?.range).match(/\w+/)?.[0]);
    assert.match(moved?.message ?? '', /from the last build/);
    const undo = new vscode.WorkspaceEdit();
    undo.delete(document.uri, new vscode.Range(0, 0, 2, 0));
    await vscode.workspace.applyEdit(undo);
    await diagnosticsUntil(source, all => isAbsent(all)?.range.start.line === line, 'the diagnostic in its place');
  });
});

suite('dkms.conf', () => {
  const conf = inWorkspace('dkms', 'dkms.conf');

  test('a MAKE that would build for the running kernel is marked, and mended', async () => {
    mkdirSync(inWorkspace('dkms'));
    writeFileSync(
      inWorkspace('dkms', 'Makefile'),
      'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m := foo.o\nall:\n\tmake -C $(KDIR) M=$(PWD)\n',
    );
    writeFileSync(conf, 'PACKAGE_NAME="foo"\nMAKE[0]="make all"\n');
    const uri = vscode.Uri.file(conf);
    const [marked] = await diagnosticsUntil(conf, all => all.length > 0, 'the diagnostic of dkms.conf');
    assert.ok(marked);
    assert.equal(codeOf(marked), 'dkms-kernel');
    assert.equal(marked.range.start.line, 1);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      marked.range,
    );
    const fix = actions.find(({ title }) => title.includes('KDIR=${kernel_source_dir}'));
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.lineAt(1).text, 'MAKE[0]="make all KDIR=${kernel_source_dir}"');
    await document.save();
    await diagnosticsUntil(conf, all => all.length === 0, 'the end of the diagnostic');
  });

  test('a module whose sources have no license is marked where it is named', async () => {
    writeFileSync(inWorkspace('dkms', 'foo.c'), '#include <linux/module.h>\n');
    writeFileSync(conf, 'PACKAGE_NAME="foo"\nBUILT_MODULE_NAME="foo"\n');
    const [marked] = await diagnosticsUntil(conf, all => all.length > 0, 'the diagnostic of dkms.conf');
    assert.ok(marked);
    assert.equal(codeOf(marked), 'dkms-license');
    assert.equal(marked.range.start.line, 1);
    writeFileSync(inWorkspace('dkms', 'foo.c'), 'MODULE_LICENSE("GPL");\n');
    // Looked at again when dkms.conf is.
    writeFileSync(conf, 'PACKAGE_NAME="foo"\n\nBUILT_MODULE_NAME="foo"\n');
    await diagnosticsUntil(conf, all => all.length === 0, 'the end of the diagnostic');
  });
});

suite('compile_commands.json', () => {
  test('the command writes what kbuild left', async () => {
    const file = inWorkspace('sample', '.hello.o.cmd');
    writeFileSync(file, 'savedcmd_hello.o := gcc -c -o hello.o hello.c\n');
    await vscode.commands.executeCommand('insmodLens.compileCommands');
    const written = JSON.parse(readFileSync(inWorkspace('compile_commands.json'), 'utf8')) as { file: string }[];
    assert.deepEqual(
      written.map(entry => entry.file),
      [inWorkspace('sample', 'hello.c')],
    );
    rmSync(file);
  });
});
