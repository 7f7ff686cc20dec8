// The ids in code and those in package.json are the same.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { COMMANDS, DEFAULTS, SECTION, TASK_TYPE, VIEW } from '../../../src/host/editor/ids';
import { EDITORS } from '../../editor/lib/install';
import { repositoryRoot } from '../../kernel/lib/paths';

interface Contributions {
  commands: { command: string; title: string; category: string }[];
  configuration: {
    properties: Record<string, { default: unknown; markdownDescription: string; propertyNames?: { enum: string[] } }>;
  };
  menus: Record<string, { command: string }[]>;
  views: Record<string, { id: string }[]>;
  taskDefinitions: { type: string }[];
  problemPatterns: { name: string; regexp: string; file: number; message: number }[];
  problemMatchers: { name: string; pattern: string }[];
}

const root = repositoryRoot();
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  main: string;
  icon: string;
  exports: Record<string, { types: string; default: string }>;
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  contributes: Contributions;
};
const { contributes } = manifest;
const nls = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
/** What stands for a placeholder in English. */
const english = (text: string): string => nls[text.replaceAll('%', '')] ?? text;

/** Codes with a page. */
const pageCodes = (): string[] =>
  readdirSync(path.join(root, 'doc', 'findings'))
    .filter(file => file !== 'README.md')
    .map(file => file.replace(/\.md$/, ''))
    .sort();

test('commands', () => {
  assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...COMMANDS].sort());
  for (const { category, title } of contributes.commands) {
    assert.equal(category, 'Insmod Lens');
    assert.match(english(title), /^[A-Z]/);
  }
  const simulate = contributes.commands.find(({ command }) => command === 'insmodLens.simulateInsmod');
  assert.equal(english(simulate?.title ?? ''), 'Simulate insmod');
});

test('menus name commands', () => {
  const named = Object.values(contributes.menus).flat();
  for (const { command } of named) assert.ok((COMMANDS as readonly string[]).includes(command), command);
});

test('every code can be given a severity', () => {
  const { propertyNames } = contributes.configuration.properties[`${SECTION}.severities`] ?? {};
  assert.deepEqual(propertyNames?.enum, pageCodes());
});

test('settings and their defaults', () => {
  const declared = Object.entries(contributes.configuration.properties);
  assert.deepEqual(
    Object.fromEntries(declared.map(([id, property]) => [id, property.default])),
    Object.fromEntries(Object.entries(DEFAULTS).map(([id, value]) => [`${SECTION}.${id}`, value])),
  );
  for (const [id, { markdownDescription }] of declared) assert.match(english(markdownDescription), /\.$/, id);
});

test('view, task type and problem matchers', () => {
  assert.deepEqual(
    Object.values(contributes.views).flatMap(views => views.map(({ id }) => id)),
    [VIEW],
  );
  assert.deepEqual(
    contributes.taskDefinitions.map(({ type }) => type),
    [TASK_TYPE],
  );
  assert.deepEqual(contributes.problemMatchers.map(({ name }) => `$${name}`).sort(), [
    '$kbuild-gcc',
    '$kbuild-modpost',
    '$kbuild-objtool',
  ]);
});

test('one package is both the extension and the library', () => {
  assert.equal(manifest.main, './dist/extension.js');
  assert.equal(manifest.exports['.']?.default, './dist/index.js');
  assert.equal(manifest.engines.vscode, `^${EDITORS[0]?.vscode ?? ''}.0`, 'the oldest editor the suites run in');
  // What the types offer, the oldest editor has.
  const minor = (version: string | undefined): number => Number(/^\^?1\.(\d+)\./.exec(version ?? '')?.[1]);
  assert.ok(minor(manifest.devDependencies['@types/vscode']) <= minor(manifest.engines.vscode));
  assert.ok(existsSync(path.join(root, manifest.icon)));
});

test('problem patterns match what a kernel build prints', () => {
  const match = (name: string, line: string): { file: string; message: string } | null => {
    const pattern = contributes.problemPatterns.find(candidate => candidate.name === name);
    assert.ok(pattern);
    const found = new RegExp(pattern.regexp).exec(line);
    return found && { file: found[pattern.file] ?? '', message: found[pattern.message] ?? '' };
  };
  assert.deepEqual(match('kbuild-gcc', "drv/a.c:12:9: error: 'x' undeclared (first use in this function)"), {
    file: 'drv/a.c',
    message: "'x' undeclared (first use in this function)",
  });
  assert.deepEqual(match('kbuild-modpost', 'ERROR: modpost: "foo" [drv/a.ko] undefined!'), {
    file: 'drv/a.ko',
    message: '"foo" [drv/a.ko] undefined!',
  });
  assert.equal(match('kbuild-modpost', 'ERROR: modpost: missing MODULE_LICENSE() in drv/a.o')?.file, 'drv/a.o');
  assert.deepEqual(match('kbuild-objtool', 'drv/a.o: warning: objtool: f()+0x10: unreachable instruction'), {
    file: 'drv/a.o',
    message: 'f()+0x10: unreachable instruction',
  });
  assert.equal(match('kbuild-gcc', 'In file included from drv/a.c:3:'), null);
});
