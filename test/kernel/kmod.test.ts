// depmod, modprobe and modinfo against kmod's own, line by line, on every module Debian ships for a kernel.
//   KMOD_WHOLE=1   on compressed trees as well: `depmod -n`, and modinfo of every module instead of each eighth
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { depmod, type DepmodTree } from '../../src/kmod/depmod';
import { readDepmodModule, type DepmodModule } from '../../src/kmod/depmodModule';
import { depmodFiles, depmodText } from '../../src/kmod/depmodText';
import { wholeModule } from '../../src/graph/readModule';
import { SymbolNames } from '../../src/formats/ko/symbolNames';
import { parseSymvers } from '../../src/target/symvers';
import { formatModinfo } from '../../src/kmod/modinfo';
import { moduleNameOfPath } from '../../src/formats/ko/moduleName';
import { readModule } from '../../src/host/node/decompress';
import { listDepmodFiles, readDepmodTree } from '../../src/host/node/depmodTree';
import { kmod, kmodVersion, KMOD_MISSING } from '../support/kmod';
import { showDepends } from '../support/modprobe';
import { ensureKernel } from './lib/ensureKernel';
import { labKernel, type LabKernel } from './lib/kernels';

const WHOLE = process.env['KMOD_WHOLE'] === '1';
const AT_LEAST = 4000;
/** Unpacking takes nearly all of the time. */
const sampled = (key: string, index: number): boolean => WHOLE || key === '6.1' || index % 8 === 0;
const weakdep = (kmodVersion() ?? 0) >= 33;

for (const key of ['6.1', '6.12', '7.2'])
  void test(`Debian's tree of ${key}: every line is kmod's`, async t => {
    const missing = KMOD_MISSING ?? ensureKernel(key);
    if (missing !== null) {
      t.skip(missing);
      return;
    }
    const kernel = labKernel(key);
    const tree = makeTree(t, kernel);
    const theirs = runKmod(kernel, tree);
    const ours = await readTree(tree, key);
    const { files, written, printed, modinfo } = await theirs;

    compare(key, 'modinfo', ours.modinfo, modinfo);
    // What it misses for the indexes it writes is nothing -n would speak of.
    const messages = written.stderr.replace(/^.*could not open modules\.builtin.*\n/gm, '');
    compare(key, 'depmod -e -E', messagesOf(ours.depmod), messages);
    const text = depmodText(ours.depmod, { weakdep });
    if (printed !== null) compare(key, 'depmod -n', text, printed);
    compare(key, 'depmod', text, files());
    const names = ours.depmod.modules.map(module => moduleNameOfPath(module.path));
    assert.ok(names.length >= AT_LEAST, `only ${names.length} modules`);
    const shown = await kmod('modprobe', ['-a', '-D', '-d', tree.root, '-S', kernel.release, ...names]);
    const cmdline = readFileSync('/proc/cmdline', 'utf8');
    const lines = await showDepends(names, { directory: tree.modules, paths: null, cmdline });
    compare(key, 'modprobe --show-depends', lines.map(line => `${line}\n`).join(''), shown.stdout);
    assert.equal(shown.stderr, '');
  });

interface Tree {
  readonly root: string;
  readonly modules: string;
  /** Paths below `modules`. */
  readonly files: readonly string[];
  /** What the kernel exports, some of it left out and some with another CRC: something has to be complained of. */
  readonly symvers: string;
}

/** A tree depmod may write to; the modules themselves stay where they are. */
function makeTree(t: TestContext, kernel: LabKernel): Tree {
  const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  t.after(() => rmSync(root, { recursive: true }));
  const modules = path.join(root, 'lib/modules', kernel.release);
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(kernel.modules))
    if (name === 'kernel' || name.startsWith('modules.'))
      symlinkSync(path.join(kernel.modules, name), path.join(modules, name));
  const symvers = path.join(root, 'Module.symvers');
  const rows = readFileSync(path.join(kernel.headers, 'Module.symvers'), 'latin1').split('\n');
  const changed = rows.flatMap((row, i) =>
    i % 7 === 0 ? [] : i % 5 === 0 ? row.replace(/^0x\w{8}/, '0x12345678') : row,
  );
  writeFileSync(symvers, changed.join('\n'), 'latin1');
  return { root, modules, files: listDepmodFiles(modules), symvers };
}

async function runKmod({ key, release }: LabKernel, { root, modules, files, symvers }: Tree) {
  const check = ['-e', '-E', symvers, '-b', root, release];
  const printed = WHOLE || key === '6.1' ? (await kmod('depmod', ['-n', ...check])).stdout : null;
  const written = await kmod('depmod', check);
  let modinfo = '';
  const paths = files.filter((_, i) => sampled(key, i)).map(file => `${modules}/${file}`);
  for (let at = 0; at < paths.length; at += 500) modinfo += (await kmod('modinfo', paths.slice(at, at + 500))).stdout;
  const names = ['dep', 'alias', 'softdep', ...(weakdep ? ['weakdep'] : []), 'symbols', 'devname'];
  const read = (name: string): string => readFileSync(path.join(modules, `modules.${name}`), 'latin1');
  return { written, printed, modinfo, files: () => names.map(read).join('') };
}

interface OurTree {
  readonly depmod: DepmodTree;
  readonly modinfo: string;
}

/** Each file is read and unpacked once. */
async function readTree({ modules, files, symvers }: Tree, key: string): Promise<OurTree> {
  const names = new SymbolNames();
  const read: DepmodModule[] = [];
  const modinfo: string[] = [];
  for (const [i, file] of files.entries()) {
    const filename = `${modules}/${file}`;
    const { bytes } = await readModule(filename);
    const module = wholeModule(bytes);
    assert.ok(module, file);
    read.push(readDepmodModule(module, file, names));
    if (!sampled(key, i)) continue;
    const options = { filename, name: moduleNameOfPath(file), field: null, nul: false };
    modinfo.push(formatModinfo(bytes, options).text);
  }
  const orderFile = path.join(modules, 'modules.order');
  const order = readdirSync(modules).includes('modules.order') ? readFileSync(orderFile, 'latin1') : null;
  const exports = parseSymvers(readFileSync(symvers));
  return {
    depmod: depmod({ names, modules: read, order, directory: modules, symvers: exports }),
    modinfo: modinfo.join(''),
  };
}

function messagesOf(tree: DepmodTree): string {
  return [...tree.messages, ...depmodFiles(tree).messages].map(line => `${line}\n`).join('');
}

/** Every line; the first that differs is shown. */
function compare(key: string, what: string, ours: string, theirs: string): void {
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  assert.ok(at < 0, `${what}, line ${at + 1}:\nours:   ${a[at] ?? ''}\nkmod's: ${b[at] ?? ''}`);
  assert.equal(a.length, b.length, what);
  console.log(`${key}: ${what}: ${a.length - 1} lines are the same`);
}

void test('reading only the sections that matter gives the same', async t => {
  const missing = ensureKernel('6.1');
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel('6.1');
  const tree = makeTree(t, kernel);
  const [whole, parts] = [await readTree(tree, '6.1'), await readDepmodTree(tree.modules)];
  assert.equal(depmodText(parts, { weakdep: true }), depmodText(whole.depmod, { weakdep: true }));
});
