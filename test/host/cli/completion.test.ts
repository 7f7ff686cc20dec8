// Completions in real shells, and the manual page through real formatters.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, type TestContext } from 'node:test';
import { insmodLens } from '../../support/command';
import { leftOut } from '../../support/leftOut';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));
writeFileSync(path.join(directory, 'only.ko'), '');

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

async function scriptFor(shell: string): Promise<string> {
  const { status, stdout } = await insmodLens('completion', shell);
  assert.equal(status, 0);
  const file = path.join(directory, `completion.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

/** What is typed, with a tab at its end, and the words that the command gets. */
const TYPED: readonly (readonly [typed: string, words: string])[] = [
  ['chec', 'check'],
  ['insmod --with-d', 'insmod --with-dependencies'],
  ['insmod --format sa', 'insmod --format sarif'],
  ['insmod --format=sa', 'insmod --format=sarif'],
  ['insmod --syscall ini', 'insmod --syscall init_module'],
  ['modprobe --show-d', 'modprobe --show-depends'],
  ['modprobe -C onl', 'modprobe -C only.ko'],
  ['insmod onl', 'insmod only.ko'],
  ['check --baseline onl', 'check --baseline only.ko'],
  ['completion zs', 'completion zsh'],
  ['completion onl', 'completion onl'],
];

/** Types into an interactive shell on a terminal of its own; what the command insmod-lens was given, line by line. */
function typeInto(shell: readonly string[], setup: string): Promise<string[]> {
  const end = ['fini', 'shed'].join('');
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', shell.join(' '), '/dev/null'], {
      cwd: directory,
      env: { PATH: process.env['PATH'], TERM: 'dumb', HOME: directory },
    });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(`<${end}>`)) child.stdin.end('exit\n');
    });
    child.on('error', reject);
    child.on('close', () => resolve([...seen.matchAll(/<got:(.*?) *>/g)].map(([, words = '']) => words)));
    child.stdin.write(setup);
    for (const [typed] of TYPED) child.stdin.write(`insmod-lens ${typed}\t\n`);
    child.stdin.write("printf '<%s%s>\\n' fini shed\n");
  });
}

const FUNCTION = `insmod-lens() { printf '<%s:%s>\\n' got "$*"; }\n`;

async function completes(t: TestContext, shell: string, command: readonly string[], setup: string): Promise<void> {
  if (!has(shell) || !has('script')) {
    t.skip(leftOut(`completion in ${shell}`, `install ${shell} and util-linux`));
    return;
  }
  const file = await scriptFor(shell);
  assert.deepEqual(
    await typeInto(command, setup.replace('FILE', file) + FUNCTION),
    TYPED.map(([, words]) => words),
  );
}

test('bash completes commands, options, values and files', t =>
  completes(t, 'bash', ['bash', '--norc', '--noprofile', '-i'], 'source FILE\n'));

test('zsh completes commands, options, values and files', t =>
  completes(t, 'zsh', ['zsh', '-f', '-i'], 'autoload -Uz compinit; compinit -D -u; source FILE; unsetopt beep\n'));

test('fish completes commands, options, values and files', async t => {
  if (!has('fish')) {
    t.skip(leftOut('completion in fish', 'install fish'));
    return;
  }
  const file = await scriptFor('fish');
  for (const [typed, words] of TYPED) {
    const script = `source ${file}; complete -C 'insmod-lens ${typed}'`;
    const run = spawnSync('fish', ['--no-config', '-c', script], {
      encoding: 'utf8',
      cwd: directory,
      env: { ...process.env, HOME: directory },
    });
    assert.equal(run.stderr, '', typed);
    const offered = run.stdout
      .split('\n')
      .filter(line => line !== '')
      .map(line => line.split('\t')[0]);
    const last = words.split(' ').at(-1);
    assert.deepEqual(offered, words === typed ? [] : [last], typed);
  }
});

test('the manual page has every command and option, and formatters find nothing wrong', async t => {
  const { status, stdout: page } = await insmodLens('man');
  assert.equal(status, 0);
  const help = (await insmodLens('--help')).stdout;
  const commands = [...help.slice(help.indexOf('\nCommands:')).matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
  assert.ok(commands.length > 10);
  for (const command of commands) {
    assert.match(page, new RegExp(`^\\.SS ${command}$`, 'm'));
    const options = (await insmodLens('help', command)).stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm);
    for (const [, option = ''] of options) assert.ok(page.includes(`\\fB${option.replaceAll('-', '\\-')}\\fR`), option);
  }
  if (has('groff')) {
    const run = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-z'], { input: page, encoding: 'utf8' });
    assert.deepEqual([run.status, run.stderr], [0, '']);
  } else t.skip(leftOut('the manual page through groff', 'install groff'));
});
