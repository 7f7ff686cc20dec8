// The big-endian MIPS kernels, which Debian does not have: the recorded modules of the little-endian ones with every number turned
// around are answered in the same way, and become the same memory with every number turned around.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { System } from '../../../src/index';
import type { Arch, KernelFacts } from '../../../src/target/types';
import { readSnapshot } from '../../../src/host/node/targets';
import { TARGET_FILE } from '../lib/engine';
import { casesFile, fixturesDir, recordedDir } from '../lib/paths';
import { isStock, readFixtureModule } from '../lib/recipe';
import { readRecording } from '../lib/recording';
import { ArchKo } from './archKo';
import { SUITE, turnWords, turnedAround, wideFields } from './turnedAround';

function answer(facts: KernelFacts, bytes: Uint8Array): { told: unknown; memory: ReadonlyMap<string, Uint8Array> } {
  const trace = new System(facts).trace({ path: 'places.ko', bytes });
  const { verdict, errno, log } = trace.result;
  return { told: { verdict, errno, log }, memory: new Map(trace.memory().map(({ name, bytes }) => [name, bytes])) };
}

for (const [release, arch] of [
  ['6.1.0-50-4kc-malta', 'mips'],
  ['6.1.0-50-5kc-malta', 'mips64'],
] satisfies [string, Arch][])
  void test(`${arch} answers as the kernel ${release} of the other byte order`, () => {
    const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
    const { CPU_LITTLE_ENDIAN, ...config } = facts.config;
    assert.equal(CPU_LITTLE_ENDIAN, 'y');
    const other: KernelFacts = { ...facts, arch, config: { ...config, CPU_BIG_ENDIAN: 'y' } };
    let [cases, sections] = [0, 0];
    for (const { id, steps } of readRecording(casesFile(release)).flatMap(boot => boot.cases)) {
      const [step] = steps;
      if (!/^(?:relocation|data|null-symbol|halves|packed|error-value|drawn\/entry)\//.test(id)) continue;
      if (step?.op !== 'insmod' || isStock(step.module)) continue;
      const ko = new ArchKo('places', readFixtureModule(fixturesDir(release), step.module));
      const little = answer(facts, ko.bytes);
      const big = answer(other, turnedAround(ko));
      assert.deepEqual(big.told, little.told, id);
      cases++;
      for (const name of SUITE) {
        const expected = Uint8Array.from(little.memory.get(name) ?? []);
        const section = ko.section(name);
        turnWords(expected, 0, expected.length, wideFields(ko, section));
        assert.deepEqual(
          Buffer.from(big.memory.get(name) ?? []).toString('hex'),
          Buffer.from(expected).toString('hex'),
          id,
        );
        sections++;
      }
    }
    console.log(`${arch}: ${cases} cases, ${sections} sections`);
    assert.ok(cases > 300);
  });
