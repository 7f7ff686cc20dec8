// User-mode Linux: code of x86 in a kernel that is none of x86's. It runs as a program, so it judges without QEMU.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { openTarget, System } from '../../src/index';
import { cpioArchive, cpioDirectory } from '../../src/host/node/boot/cpio';
import { insmodLens } from '../support/command';
import { leftOut } from '../support/leftOut';
import { ensureUserModeLinux } from './lib/ensureKernel';
import { ensurePrograms } from './lib/machine';
import { labDir } from './lib/paths';

/** Of bookworm and of forky. */
const KEYS = ['6.1', '7.2'];
const scratch = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(scratch, { recursive: true }));

const programOf = (key: string): string => path.join(labDir(), `uml-${key}`, 'usr/bin/linux.uml');
const modulesOf = (key: string): string => path.join(labDir(), `uml-${key}`, 'usr/lib/uml/modules');
/** Modules that neither need others nor a device. */
const NAMES = [
  ...[
    'anubis',
    'befs',
    'bfs',
    'dummy',
    'ifb',
    'khazad',
    'llc',
    'minix',
    'nls_cp437',
    'nls_cp932',
    'qnx4',
    'romfs',
    'sch_cbs',
  ],
  ...['sch_fq', 'sch_htb', 'sch_sfq', 'serpent_generic', 'tea', 'ts_bm', 'ts_kmp', 'tun', 'ufs', 'veth', 'xcbc'],
];

/** The C library of the suite that it was built in, which may be newer than that of this machine; null where it is not there. */
function librariesOf(key: string): string | null {
  const places = ['usr/lib', 'lib'].map(dir => path.join(labDir(), `uml-${key}`, dir, 'x86_64-linux-gnu'));
  return places.find(place => existsSync(path.join(place, LOADER))) ?? null;
}

const LOADER = 'ld-linux-x86-64.so.2';

/** Makes a program start the loader of these libraries, by a path from the directory it is run in. */
function loadFrom(libraries: string, program: string): void {
  const bytes = readFileSync(program);
  const at = bytes.indexOf(`/lib64/${LOADER}`);
  assert.ok(at > 0, 'it names its loader');
  copyFileSync(path.join(libraries, LOADER), path.join(path.dirname(program), LOADER));
  bytes.write(`${LOADER}\0`, at, 'latin1');
  writeFileSync(program, bytes);
}

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
for module in /m/*.ko; do /bin/busybox insmod $module; done
while read name size rest; do echo "SIZE $name $size"; done </proc/modules
/bin/busybox poweroff -f
`;

for (const key of KEYS) {
  void test(`${key}: every module of its package loads, with nothing but the program to go by`, async t => {
    const missing = ensureUserModeLinux(key);
    if (missing !== null) return t.skip(missing);
    const { status, stdout } = await insmodLens(
      'check',
      '--no-cache',
      '--kernel',
      programOf(key),
      '--modules',
      modulesOf(key),
      modulesOf(key),
    );
    assert.equal(status, 0, stdout);
    const [, all, loading] = /: (\d+) modules, (\d+) would load, 0 would be refused/.exec(stdout) ?? [];
    assert.ok(Number(all) > 500, stdout);
    assert.equal(loading, all);
  });

  void test(`${key}: the size of a module is the one that it has there, to the byte`, async t => {
    const missing = ensureUserModeLinux(key) ?? ensurePrograms('sizes of modules in user-mode Linux', ['busybox']);
    if (missing !== null) return t.skip(missing);
    const modules = modulesOf(key);
    const files = readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .map(file => path.join(modules, file))
      .filter(file => NAMES.some(name => file.endsWith(`/${name}.ko`)));
    assert.equal(files.length, NAMES.length);
    const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
    const initrd = path.join(scratch, 'initrd');
    writeFileSync(
      initrd,
      cpioArchive([
        ...['bin', 'dev', 'm', 'proc'].map(cpioDirectory),
        { name: 'bin/busybox', bytes: readFileSync(busybox), mode: 0o100755 },
        { name: 'init', bytes: Buffer.from(INIT), mode: 0o100755 },
        ...files.map(file => ({ name: `m/${path.basename(file)}`, bytes: readFileSync(file) })),
      ]),
    );
    const linux = path.join(scratch, 'linux');
    const libraries = librariesOf(key);
    copyFileSync(programOf(key), linux);
    if (libraries !== null) loadFrom(libraries, linux);
    chmodSync(linux, 0o755);
    const args = ['mem=256M', `initrd=${initrd}`, 'rdinit=/init', 'con=null', 'con0=null,fd:1'];
    const { stdout, stderr } = spawnSync(linux, args, {
      ...{ encoding: 'utf8', input: '', timeout: 240_000 },
      cwd: scratch,
      env: { ...process.env, HOME: scratch, ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries }) },
    });
    if (!stdout.includes('Linux version')) {
      // It wants ptrace(2), and memory of files that may be run, which some containers do not give.
      const [line = ''] = `${stdout}${stderr}`.trim().split('\n').reverse();
      return t.skip(leftOut('sizes of modules in user-mode Linux', `it does not start here (${line})`));
    }
    const sizes = new Map([...stdout.matchAll(/SIZE (\w+) (\d+)/g)].map(([, name, size]) => [name, Number(size)]));
    assert.equal(sizes.size, files.length, stdout);
    const facts = await openTarget(programOf(key));
    for (const file of files) {
      const { module, layout, errno } = new System(facts).insmod({ path: file, bytes: readFileSync(file) });
      assert.equal(errno, 0, file);
      assert.equal(layout.coresize, sizes.get(module.name), module.name);
    }
  });
}
