// The graph of everything Debian ships against what modpost wrote into each module when it was built.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readSections } from '../../../src/formats/elf/sectionByName';
import { getModinfo } from '../../../src/formats/ko/modinfo';
import { openTarget } from '../../../src/index';
import { GraphIndex } from '../../../src/host/node/graphIndex';
import { ensureKernel } from '../../kernel/lib/ensureKernel';
import { labKernel } from '../../kernel/lib/kernels';

const KEY = '6.1';
/** Fewer means that the tree was not read whole. */
const AT_LEAST = 4000;

void test(`what modules of Debian's linux-image package for ${KEY} need is what their depends= says`, async t => {
  const missing = ensureKernel(KEY);
  if (missing !== null) {
    t.skip(missing);
    return;
  }
  const kernel = labKernel(KEY);
  const facts = await openTarget(kernel.headers);
  const index = new GraphIndex(kernel.modules);
  await index.list();
  const reports: number[] = [];
  await index.read(({ read }) => reports.push(read));
  assert.equal(index.complete, true);
  assert.deepEqual(index.unreadable, []);
  assert.deepEqual(
    reports,
    [...reports].sort((a, b) => a - b),
  );

  const graph = index.graphOn(facts);
  assert.ok(graph.modules.length >= AT_LEAST, `only ${graph.modules.length} modules`);
  const differences: string[] = [];
  const usersOf = new Map<string, number>();
  for (const [m, { name, path: file }] of graph.modules.entries()) {
    const needs = [...graph.links.needs.of(m)].map(other => graph.modules[other]?.name ?? '').sort();
    const depends = dependsOf(file ?? assert.fail(`${name} has a file`)).sort();
    if (needs.join() !== depends.join()) differences.push(`${name}: needs ${needs.join()}, depends=${depends.join()}`);
    for (const other of depends) usersOf.set(other, (usersOf.get(other) ?? 0) + 1);
  }
  for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
  assert.equal(differences.length, 0, `${differences.length} modules need something else`);

  const { modules, users, broken } = graph.overview();
  for (const [i, { name }] of modules.entries()) assert.equal(users[i], usersOf.get(name) ?? 0, name);
  assert.deepEqual(
    modules.flatMap(({ name }, i) => (broken[i] === 0 ? [] : [name])),
    [],
    'they were built together',
  );
});

function dependsOf(file: string): string[] {
  const modinfo = readSections(readFileSync(file))?.find('.modinfo');
  const depends = (modinfo && getModinfo(modinfo.bytes, 'depends')) ?? '';
  return depends.split(',').flatMap(name => (name === '' ? [] : [path.basename(name).replaceAll('-', '_')]));
}
