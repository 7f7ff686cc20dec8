// Entries of the PLT, of the GOT and of stubs, as the walk through loading shows them: each recorded module that loads is watched.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readSnapshot } from '../../../src/host/node/targets';
import { System } from '../../../src/index';
import type { StepsModel } from '../../../src/report/view/types';
import { linksMarkdown, linkTable } from '../../../webview/steps/linkTable';
import { TARGET_FILE } from '../lib/engine';
import { archRecordedReleases, fixturesDir, recordedDir } from '../lib/paths';
import { readFixtureModule, type Patch } from '../lib/recipe';
import { ArchKo } from './archKo';
import { choiceOfRelease, type CaseArch } from './kernels';

/**
 * A relocation type of code that goes by way of a table, with what that table is called. Modules for Debian's riscv64 have no such
 * sections, and on ppc64le only calls to other modules and the kernel go by way of a stub: a fixture for 6.1 has one.
 */
const THROUGH: Readonly<
  Partial<Record<CaseArch, readonly (readonly [type: number, table: string, section: string])[]>>
> = {
  arm64: [[283, 'PLT', '.plt']],
  arm: [[28, 'PLT', '.plt']],
  ppc64le: [[10, 'stub', '.stubs']],
  s390x: [
    [26, 'GOT', '<got>'],
    [20, 'PLT', '<plt>'],
  ],
};

/** Two calls or addresses of one far symbol, and one of another place of it. */
function calling(ko: ArchKo, type: number): readonly Patch[] {
  const section = ko.relocationsOf('suite_code');
  const far = ko.symbol('suite_moved');
  const { is64, littleEndian } = ko.format;
  const code = ko.section('suite_code').sh_offset;
  const field = ko.sections.some(({ name }) => name === '.ARM.attributes') && !is64 ? 'feffffeb' : '';
  return [
    ko.set('sym', far, 'st_shndx', 0xfff1),
    ko.set('sym', far, 'st_value', is64 ? 0x7000_1234_0000n : 0x1000_0000n),
    ...[0, 1, 2].flatMap(entry => [
      ...ko.setEntry(section, entry, type, far),
      ...(field === '' || !littleEndian ? [] : [[code + ko.relocations(section).offset(entry), field] as const]),
    ]),
  ];
}

function stepsOf(release: string, bytes: Uint8Array): StepsModel {
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  return new System(facts).trace({ path: 'places.ko', bytes }).steps();
}

for (const release of archRecordedReleases().filter(name => !/^7.*powerpc/.test(name))) {
  const { arch } = choiceOfRelease(release);
  for (const [type, table, section] of THROUGH[arch] ?? [])
    void test(`${release}: entries of the ${table} are named, with the relocations that use them`, () => {
      const plain = new ArchKo('places', readFixtureModule(fixturesDir(release), { fixture: 'places' }));
      const patches = calling(plain, type);
      const printk = arch === 'ppc64le' ? plain.symbolNames.findIndex(name => name === '_mcount') : -1;
      const entries = arch === 'ppc64le' ? plain.relocationsOf('suite_code') : null;
      const changed =
        entries && printk > 0 ? [0, 1, 2].flatMap(i => plain.setEntry(entries, i, type, printk)) : patches;
      const steps = stepsOf(release, readFixtureModule(fixturesDir(release), plain.module(changed)));
      assert.equal(steps.verdict, 'loads', JSON.stringify(steps.findings));
      const { links } = steps;
      assert.ok(links);
      const own = [...links.entry.keys()].filter(use => {
        const target = steps.relocations.target[links.relocation[use] ?? 0] ?? 0;
        return steps.sectionNames[target] === 'suite_code';
      });
      assert.equal(own.length, 3, 'uses by suite_code');
      const used = new Set(own.map(use => links.entry[use]));
      assert.equal(used.size, 1, 'one entry for one target');
      const [entry = -1] = [...used];
      assert.equal(links.tables[entry], table);
      assert.ok(links.places[entry]?.startsWith(`${section} + 0x`), links.places[entry]);
      assert.equal(links.names[entry], arch === 'ppc64le' ? '_mcount' : 'suite_moved');
      const relocated = own.map(use => steps.relocations.offset[links.relocation[use] ?? 0]);
      assert.equal(new Set(relocated).size, 3, 'three fields');

      const model = linkTable(links, steps);
      const row = own[0] ?? 0;
      const cells = model.columns.map((_, column) => model.cell(row, column));
      assert.deepEqual([cells[0], cells[1], cells[2]], [table, links.places[entry], links.names[entry]]);
      assert.equal(cells[3], `0x${(links.targets[entry] ?? 0n).toString(16)}`);
      assert.match(cells[5] ?? '', /^suite_code \+ 0x/);
      assert.ok(
        linksMarkdown(steps)
          .join('\n')
          .includes(links.places[entry] ?? '-'),
      );
    });
}
