// What someone types who does not know the command yet: it goes on where it can, and says what is meant.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { number } from '../../kernel/lib/koFile';
import { insmodLens } from '../../support/command';
import { fixture, fixturePath, moduleFile, snapshotOf } from '../../support/recorded';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const SNAPSHOT = snapshotOf('6.1');

test('modules without a kernel do not keep check from the others', async () => {
  const build = path.join(directory, 'build');
  write('build/include/config/auto.conf', 'CONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_MODULES=y\n');
  write('build/include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.0-own"\n');
  write('build/Module.symvers', '0x00000000\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n');
  write('own/.minimal.o.cmd', `deps_minimal.o := ${build}/include/generated/autoconf.h \\\n`);
  copyFileSync(fixturePath('6.1', 'minimal'), path.join(directory, 'own/minimal.ko'));
  mkdirSync(path.join(directory, 'other'));
  for (const name of ['one', 'two', 'three'])
    copyFileSync(fixturePath('7.2', 'minimal'), path.join(directory, 'other', `${name}.ko`));
  const { status, stdout, stderr } = await insmodLens(
    ...['check', '--no-cache', path.join(directory, 'own'), path.join(directory, 'other')],
  );
  assert.equal(status, 2, stderr);
  assert.match(stdout, /^6\.1\.0-own: 1 module, /m);
  const lines = stderr.split('\n').filter(line => line.includes('was built for'));
  assert.equal(lines.length, 1, 'modules of one kernel are one line');
  assert.match(lines[0] ?? '', /other\/\w+\.ko: was built for 7\.2\S+, .*--kernel.* \(and 2 other modules\)$/);
});

test('two kernels of one release are told apart', async () => {
  const again = path.join(directory, 'again.kernel.json.br');
  copyFileSync(SNAPSHOT, again);
  const kernels = ['--kernel', SNAPSHOT, '--kernel', again];
  for (const args of [
    ['insmod', ...kernels],
    ['check', '--no-cache', ...kernels],
    ['matrix', ...kernels],
  ]) {
    const { stdout } = await insmodLens(...args, fixturePath('6.1', 'unresolved'));
    for (const target of [SNAPSHOT, again])
      assert.ok(
        [target, path.relative('', target)].some(shown => stdout.includes(`6.1.0-50-amd64 (${shown})`)),
        `${args[0]}: ${stdout}`,
      );
  }
});

test('a source file and an object get the advice to build', async () => {
  const source = await insmodLens('insmod', '--kernel', SNAPSHOT, write('hello.c', 'int x;\n'));
  assert.equal(source.status, 1);
  assert.match(source.stderr, /hello\.c is source code: build the module \(make\), and give its hello\.ko\n/);
  const object = write('hello.mod.o', '');
  copyFileSync(fixturePath('6.1', 'minimal'), path.join(directory, 'loads.o'));
  assert.match((await insmodLens('insmod', '--kernel', SNAPSHOT, object)).stderr, /an object .* hello\.ko\n/);
  const loads = await insmodLens('insmod', '--kernel', SNAPSHOT, path.join(directory, 'loads.o'));
  assert.doesNotMatch(loads.stderr, /an object/, 'a module under another name loads');
});

test('a log that was cut is reproduced, and what the simulation prints beyond it is shown', async () => {
  const module = ['--kernel', SNAPSHOT, fixturePath('6.1', 'unresolved')];
  const lines = (await insmodLens('insmod', ...module)).stdout.trim().split('\n');
  const refusing = lines.filter(line => line.includes('Unknown symbol'));
  const file = write('cut', `${refusing[0]}\n`);
  const { stdout } = await insmodLens('explain', file, ...module.slice(0, 2), '--module', module[2] ?? '');
  assert.match(
    stdout,
    /^Reproduced: the simulation of unresolved on \S+ prints these lines, and more\.\n {2}simulated: /m,
  );
  assert.match(stdout, /Neither this kernel nor any module of it exports/);
});

test('compdb says what it wrote', async () => {
  write('built/.hello.o.cmd', 'savedcmd_hello.o := gcc -c -o hello.o hello.c\n');
  write('built/hello.c', 'int x;\n');
  const { stdout } = await insmodLens('compdb', path.join(directory, 'built'));
  assert.match(stdout, /compile_commands\.json: 1 command\n$/);
});

test('explanations of one code are told apart by their causes', async () => {
  const trouble = path.join(process.env.INSMOD_LENS_ROOT ?? '.', 'media/workspace/trouble/trouble.ko');
  const kernel = path.join(path.dirname(trouble), '../kernels/debian-12.kernel.json.br');
  const { stdout } = await insmodLens('insmod', '--explain', '--kernel', kernel, trouble);
  assert.match(stdout, /unknown-symbol: .*register_reboot_notifier[^]*unknown-symbol: .*dma_buf_get/);
  assert.match(stdout, /The same holds of dma_buf_put\.\n/);
  const missing = stdout.slice(stdout.indexOf('symbol-not-in-target: '));
  assert.doesNotMatch(
    missing.slice(0, missing.indexOf('See ')),
    /First run/,
    'nobody exports it: nothing is left to look up',
  );
});

/** user uses what exporter exports; modpost was given the symbols of exporter by KBUILD_EXTRA_SYMBOLS. */
function twoDirectories(name: string): { readonly user: string; readonly exporter: string } {
  const at = path.join(directory, name);
  const symvers = write(`${name}/provider/Module.symvers`, `0x00000000\tsuite_plain\t${at}/provider/exporter\t\t\n`);
  write(`${name}/consumer/.Module.symvers.cmd`, `cmd_Module.symvers := scripts/mod/modpost -m -i ${symvers} user.o\n`);
  const [user, exporter] = [path.join(at, 'consumer/user.ko'), path.join(at, 'provider/exporter.ko')];
  copyFileSync(fixturePath('6.1', 'user'), user);
  copyFileSync(fixturePath('6.1', 'exporter'), exporter);
  return { user, exporter };
}

test('check of one module finds what was built with it, as insmod --with-dependencies does', async () => {
  const { user, exporter } = twoDirectories('healthy');
  for (const args of [
    ['insmod', '--with-dependencies'],
    ['check', '--no-cache'],
  ]) {
    const { status, stdout, stderr } = await insmodLens(...args, '--kernel', SNAPSHOT, user);
    assert.equal(status, 0, `${args[0]}: ${stdout}${stderr}`);
    assert.doesNotMatch(stdout, /2 modules/, 'only what was given is reported');
  }
  rmSync(exporter);
  assert.equal((await insmodLens('check', '--no-cache', '--kernel', SNAPSHOT, user)).status, 1);
});

test('a provider that was built here and not loaded is named with the command that loads it', async () => {
  const { user, exporter } = twoDirectories('apart');
  const { stdout } = await insmodLens('insmod', '--explain', '--kernel', SNAPSHOT, user);
  assert.ok(stdout.includes(`First run: sudo insmod ${exporter}\n`), stdout);
  assert.doesNotMatch(stdout, /An option of this kernel is off/);
});

test('checksums of two modules built here are not looked for in the symbols of the kernel', async () => {
  const { user, exporter } = twoDirectories('disagree');
  const ko = fixture('6.1', 'user');
  const wanted = ko.versions.filter(({ name }) => name === 'suite_plain').map(({ at }) => number(at, 4, 0x1234));
  writeFileSync(user, moduleFile(ko, wanted).bytes);
  const { stdout } = await insmodLens('insmod', '--explain', '--kernel', SNAPSHOT, '--loaded', exporter, user);
  assert.match(stdout, /Rebuild user with KBUILD_EXTRA_SYMBOLS set to the Module\.symvers of this build of exporter/);
  assert.doesNotMatch(stdout, /First run: grep/);
});

test('what is wrong with dkms.conf is said on lines of its own, in text, JSON and SARIF', async () => {
  write(
    'dkms/Makefile',
    'KDIR ?= /lib/modules/$(shell uname -r)/build\nobj-m := foo.o\nall:\n\tmake -C $(KDIR) M=$(PWD)\n',
  );
  write('dkms/foo.c', 'MODULE_LICENSE("GPL");\n');
  write('dkms/dkms.conf', 'PACKAGE_NAME="foo"\nMAKE[0]="make all"\nBUILT_MODULE_NAME[0]="bar"\n');
  const module = path.join(directory, 'dkms/foo.ko');
  copyFileSync(fixturePath('6.1', 'minimal'), module);
  const check = ['check', '--no-cache', '--kernel', SNAPSHOT, path.dirname(module)];
  const text = await insmodLens(...check);
  assert.equal(text.status, 1);
  assert.match(
    text.stdout,
    /^dkms\.conf:2:1: .* \[dkms-kernel\]\n {2}.* Add KDIR=.* to MAKE\.\ndkms\.conf:3:1: .* \[dkms-module\]\n {2}.+\n6\.1\.0-50-amd64: /m,
  );
  for (const format of ['json', 'sarif']) {
    const { stdout } = await insmodLens(...check, '--format', format);
    for (const code of ['dkms-kernel', 'dkms-module'])
      assert.match(stdout, new RegExp(`"(code|ruleId)": "${code}"`), format);
  }
});

test('a module of another machine is not taken for a broken copy', async () => {
  const bytes = Buffer.from(fixture('6.1', 'minimal').bytes);
  // EI_DATA, e_type and e_machine as on S/390, whose bytes stand in the other order.
  bytes[5] = 2;
  bytes.set([0, 1, 0, 22], 16);
  const file = write('s390.ko', '');
  writeFileSync(file, bytes);
  const { stdout } = await insmodLens('insmod', '--explain', '--kernel', SNAPSHOT, file);
  assert.match(stdout, /This is a 64-bit S\/390 module[^]*set ARCH and CROSS_COMPILE/);
  assert.doesNotMatch(stdout, /broken copy/);
});
