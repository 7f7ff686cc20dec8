// Where modules of arm lie: in the area below the kernel, or in vmalloc space where PLTs reach from there. A booted 6.1.0-50-armmp
// loads a module with a variable of 20 MiB.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readSnapshot } from '../../../../src/host/node/targets';
import { System, type LoadResult } from '../../../../src/index';
import { ArchKo } from '../../../kernel/arch/archKo';
import { TARGET_FILE } from '../../../kernel/lib/engine';
import { fixturesDir, recordedDir } from '../../../kernel/lib/paths';
import { readFixtureModule } from '../../../kernel/lib/recipe';

const RELEASE = '6.1.0-50-armmp';
const facts = readSnapshot(path.join(recordedDir(RELEASE), TARGET_FILE));
const ko = new ArchKo('minimal', readFixtureModule(fixturesDir(RELEASE), { fixture: 'minimal' }));

/** A module with that many bytes of zeros, on a kernel with these options besides or, where they are empty, without. */
function load(bss: number, options: Readonly<Record<string, string>> = {}): LoadResult {
  const changed = ko.module([ko.set('shdr', ko.section('.bss').index, 'sh_size', bss)]);
  const config = Object.fromEntries(
    Object.entries({ ...facts.config, ...options }).filter(([, value]) => value !== ''),
  );
  const bytes = new Uint8Array(readFixtureModule(fixturesDir(RELEASE), changed));
  return new System({ ...facts, config }).insmod({ path: 'minimal.ko', bytes });
}

const MIB = 1 << 20;
const WITHOUT = { ARM_MODULE_PLTS: '' };

void test('a module that is larger than the area goes to vmalloc space where PLTs reach from there', () => {
  assert.equal(load(20 * MIB).verdict, 'loads');
  assert.equal(load(20 * MIB).layout.coresize > 20 * MIB, true);
  assert.equal(load(20 * MIB, WITHOUT).errnoName, 'ENOMEM');
  assert.equal(load(300 * MIB).errnoName, 'ENOMEM');
});

void test('the area of Thumb-2 kernels has half the size', () => {
  assert.equal(load(10 * MIB, WITHOUT).verdict, 'loads');
  assert.equal(load(10 * MIB, { ...WITHOUT, THUMB2_KERNEL: 'y' }).errnoName, 'ENOMEM');
});
