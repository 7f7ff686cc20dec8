// depmod against kmod's own, on made-up trees: order, shadowing, symbols, cycles.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { depmodFiles, depmodText } from '../../src/kmod/depmodText';
import { parseSymvers } from '../../src/target/symvers';
import { readDepmodTree } from '../../src/host/node/depmodTree';
import { kmod, kmodVersion, KMOD_MISSING } from '../support/kmod';
import { makeTree, RELEASE, type MadeModule, type MadeTree } from '../support/moduleTree';

const SYMVERS = [
  '0x00000001\tprintk\tvmlinux\tEXPORT_SYMBOL\t',
  '0x00000002\tkfree\tvmlinux\tEXPORT_SYMBOL_GPL\t',
  '0x00000003\telsewhere\tdrivers/other\tEXPORT_SYMBOL\t',
  '',
].join('\n');

/** Ours and kmod's, for a tree; kmod's is null where the machine has none. */
async function both(tree: MadeTree): Promise<void> {
  const symvers = path.join(tree.root, 'Module.symvers');
  writeFileSync(symvers, SYMVERS);
  const ours = await readDepmodTree(tree.modules, parseSymvers(Buffer.from(SYMVERS)));
  const args = ['-n', '-e', '-E', symvers, '-b', tree.root, '-C', path.join(tree.root, 'none'), RELEASE];
  const theirs = await kmod('depmod', args);
  const messages = [...ours.messages, ...(ours.hasCycle ? [] : depmodFiles(ours).messages)];
  assert.deepEqual(
    {
      stdout: depmodText(ours, { weakdep: (kmodVersion() ?? 0) >= 33 }).split('\n'),
      stderr: messages.map(line => `${line}\n`).join(''),
      status: ours.hasCycle ? 1 : 0,
    },
    { ...theirs, stdout: theirs.stdout.split('\n') },
  );
}

async function compare(
  t: TestContext,
  modules: Readonly<Record<string, MadeModule>>,
  files: Readonly<Record<string, string>> = { 'modules.order': '' },
): Promise<void> {
  if (KMOD_MISSING !== null) {
    t.skip(KMOD_MISSING);
    return;
  }
  const tree = makeTree(modules, files);
  try {
    await both(tree);
  } finally {
    tree.remove();
  }
}

test('a chain, and a diamond', t =>
  compare(t, {
    'kernel/top.ko': { imports: { left: 1, right: 1 } },
    'kernel/left.ko': { exports: { left: 1 }, imports: { base: 1 } },
    'kernel/right-hand.ko': { exports: { right: 1 }, imports: { base: 1, printk: 1 } },
    'kernel/base.ko': { exports: { base: 1 } },
  }));

test('unknown symbols, other versions, weak ones, and names the loader makes', t =>
  compare(t, {
    'a.ko': { imports: { printk: 1, kfree: 7, nobody: 1, elsewhere: 3, '.printk': 1, '.nobody': 0 } },
    'b.ko': { imports: { nobody: 1, kfree: 7 }, weak: ['nobody', 'kfree'] },
    'c.ko': { imports: { __this_module: 0, _GLOBAL_OFFSET_TABLE_: 0, 'TOC.': 0, '.TOC.': 0 } },
    'd.ko': { exports: { kfree: 9 }, imports: { 'with\xffbyte': 1 } },
  }));

test('the last exporter of a name owns it', t =>
  compare(t, {
    'x.ko': { exports: { shared: 1 } },
    'y.ko': { exports: { shared: 2 } },
    'z.ko': { exports: { shared: 3 } },
    'user.ko': { imports: { shared: 2 } },
  }));

test('modules.order, with modules it does not list, lines that are none, and twice the same', t => {
  const modules = Object.fromEntries(
    [...'abcdefgh'].map(name => [`kernel/${name}.ko`, { modinfo: [`alias=of-${name}`] }]),
  );
  return compare(t, modules, { 'modules.order': 'kernel/f.ko\nkernel/b.ko\n\nkernel/none.ko\nkernel/a.ko\n' });
});

test('no modules.order, and one that is cut off', async t => {
  const modules = Object.fromEntries([...'abcdefgh'].map(name => [`kernel/${name}.ko`, {}]));
  await compare(t, modules, {});
  const tree = makeTree(modules, { 'modules.order': 'kernel/f.ko\nkernel/b.ko' });
  t.after(() => tree.remove());
  const lines = depmodFiles(await readDepmodTree(tree.modules)).dep;
  assert.deepEqual(lines, depmodFiles(await readDepmodTree(makeUnordered(t, modules).modules)).dep);
});

function makeUnordered(t: TestContext, modules: Readonly<Record<string, MadeModule>>): MadeTree {
  const tree = makeTree(modules);
  t.after(() => tree.remove());
  return tree;
}

test('one name twice: updates/ goes first; build and source are not looked into', t =>
  compare(t, {
    'kernel/some-driver.ko': { exports: { old: 1 } },
    'updates/dkms/some_driver.ko': { exports: { young: 1 } },
    'build/some_other.ko': {},
    'kernel/source/some_other.ko': {},
    'kernel/user.ko': { imports: { old: 1, young: 1 } },
  }));

test('aliases, soft and weak dependencies, device nodes', t =>
  compare(t, {
    'fuse.ko': {
      modinfo: ['alias=fs-fuse', 'alias=devname:fuse', 'alias=char-major-10-229', 'softdep=pre: a post: b'],
    },
    'loop.ko': { modinfo: ['alias=block-major-7-*', 'alias=devname:loop-control', 'alias=block-major- 7-+3x'] },
    'bare.ko': { modinfo: ['alias=devname:bare', 'alias', 'weakdep=a b', 'softdep', 'aliases=no', 'alias=x y'] },
  }));

test('cycles', async t => {
  const ring = (...names: string[]) =>
    Object.fromEntries(
      names.map((name, i) => [
        `${name}.ko`,
        { exports: { [name]: 1 }, imports: { [names[(i + 1) % names.length] ?? '']: 1 } },
      ]),
    );
  await compare(t, ring('self'));
  await compare(t, ring('a', 'b'));
  await compare(t, { ...ring('a', 'b', 'c'), 'user.ko': { imports: { a: 1 } }, 'alone.ko': {} });
  await compare(t, { ...ring('a', 'b'), ...ring('x', 'y', 'z'), 'both.ko': { imports: { x: 1, b: 1 } } });
});

test('what is no module', t =>
  compare(t, { 'good.ko': {} }, { 'modules.order': '', 'text.ko': 'text', 'more.ko': 'some more text', 'a.txt': '' }));

test('trees at random', { skip: KMOD_MISSING ?? false }, async () => {
  const names = [...'abcdefghijkl'];
  // Only later modules are used, so that there is no cycle.
  const uses = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(uses, fc.shuffledSubarray(names), async (pairs, order) => {
      const modules = Object.fromEntries(
        names.map((name, i) => [
          `kernel/${name}.ko`,
          {
            exports: { [name]: i },
            imports: Object.fromEntries(pairs.flatMap(([a, b]) => (a === i && b > i ? [[names[b] ?? '', b]] : []))),
          },
        ]),
      );
      const tree = makeTree(modules, { 'modules.order': order.map(name => `kernel/${name}.ko\n`).join('') });
      try {
        await both(tree);
      } finally {
        tree.remove();
      }
    }),
    { numRuns: 40, seed: 20260 },
  );
});

test('the order of the hash table, for names of every length and with bytes above 127', t => {
  const names = Array.from(
    { length: 200 },
    (_, i) => 'a\xff~\x80bc\xc3\xa9'.slice(i % 3, (i % 3) + 1 + (i % 6)) + String(i),
  );
  return compare(t, { 'all.ko': { exports: Object.fromEntries(names.map(name => [name, 1])) } });
});
