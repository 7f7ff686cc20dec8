// Every expectation in the C sources of the fixture, with debug information and without.
import assert from 'node:assert/strict';
import { openObject } from '../../src/formats/ko/objectFile';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { Finding, SourceLocation } from '../../src/findings/types';
import { analyseModule } from '../../src/host/node/analyse';
import { openLocator } from '../../src/host/places/locate';
import type { ModuleReport } from '../../src/protocol/analysis';
import { expectations, inBuildDirectory, locatedBytes, type Expectation, type Variant } from '../support/located';
import { snapshotOf } from '../support/recorded';

const VARIANTS: readonly Variant[] = ['debug', 'stripped'];
const expected = expectations();

async function analyse(module: string): Promise<ModuleReport> {
  const targets = [{ path: snapshotOf('6.1') }];
  return analyseModule({ path: module, targets, args: '', cmdline: '', loaded: [] });
}

const short = ({ file, line, column }: SourceLocation): string => `${path.basename(file)}:${line}:${column}`;

/** What the report says of the names that an expectation of this kind names. */
async function found(report: ModuleReport, kind: string, module: string): Promise<Expectation[]> {
  const names = new Set(expected.filter(e => e.kind === kind).map(({ name }) => name));
  const at = (name: string, places: readonly SourceLocation[]): Expectation[] =>
    names.has(name) ? places.map(place => ({ kind, name, place: short(place) })) : [];
  if (kind === 'use' || kind === 'export') {
    const role = kind === 'use' ? 'import' : 'export';
    return report.symbols.filter(s => s.role === role).flatMap(s => at(s.name, s.locations));
  }
  if (kind === 'parameter') {
    const locator = await openLocator(module, openObject(locatedBytes('stripped')), 'located');
    return [...names].flatMap(name =>
      at(
        name,
        [locator.parameter(name)].flatMap(place => place ?? []),
      ),
    );
  }
  if (kind === 'init') return at('located_init', report.initLocation ? [report.initLocation] : []);
  if (kind === 'license') {
    const notice = report.results[0]?.result.findings.find(finding => finding.code === 'taint-notice');
    return at('MODULE_LICENSE', notice?.locations ?? []);
  }
  return report.hints.filter(hint => hint.code === kind).flatMap(hint => at(hint.symbol ?? '', hint.locations));
}

const lines = (list: readonly Expectation[]): string[] =>
  [...new Set(list.map(({ name, place }) => `${place} ${name}`))].sort();

for (const variant of VARIANTS)
  for (const kind of new Set(expected.map(e => e.kind)))
    test(`${kind}, ${variant}: exactly the marked places`, () =>
      inBuildDirectory(variant, async (_, module) => {
        const report = await analyse(module);
        assert.deepEqual(lines(await found(report, kind, module)), lines(expected.filter(e => e.kind === kind)));
      }));

for (const variant of VARIANTS)
  test(`findings of symbols carry their uses, ${variant}`, () =>
    inBuildDirectory(variant, async (_, module) => {
      const report = await analyse(module);
      const finding = report.results[0]?.result.findings.find(({ symbol }) => symbol === 'absent_symbol');
      const uses = expected.filter(({ kind, name }) => kind === 'use' && name === 'absent_symbol');
      assert.deepEqual(finding?.locations.map(short).sort(), uses.map(({ place }) => place).sort());
    }));

test('both variants say the same of every symbol', async () => {
  const reports: ModuleReport[] = [];
  for (const variant of VARIANTS)
    await inBuildDirectory(variant, async (_, module) => void reports.push(await analyse(module)));
  const [debug = [], stripped = []] = reports.map(report =>
    // Which macro of the kernel's headers hides _printk, only the headers tell.
    report.symbols
      .filter(({ name }) => name !== '_printk')
      .map(({ name, locations }) => `${name} ${locations.map(short).join(' ')}`),
  );
  assert.deepEqual(stripped, debug);
});

test('without debug information the headers an object was built from tell which macro brings a symbol in', () =>
  inBuildDirectory('stripped', async (directory, module) => {
    writeFileSync(
      path.join(directory, 'printk.h'),
      '#define printk(fmt, ...) ({ _printk(fmt, ##__VA_ARGS__); })\n#define pr_info(fmt, ...) printk(fmt, ##__VA_ARGS__)\n',
    );
    writeFileSync(
      path.join(directory, '.main.o.cmd'),
      `source_${directory}/main.o := ${directory}/main.c\n\ndeps_${directory}/main.o := \\\n  ${directory}/printk.h \\\n\n`,
    );
    const report = await analyse(module);
    const uses = report.symbols.find(({ name }) => name === '_printk')?.locations ?? [];
    assert.deepEqual(
      uses.map(({ line, column }) => [line, column]),
      [
        [23, 2],
        [99, 2],
      ],
    );
  }));

test('sources newer than the module are named', () =>
  inBuildDirectory('debug', async (directory, module) => {
    const second = path.join(directory, 'second.c');
    assert.deepEqual((await analyse(module)).staleSources, []);
    const later = statSync(module).mtimeMs / 1000 + 10;
    utimesSync(second, later, later);
    const report = await analyse(module);
    assert.deepEqual(report.sources, [path.join(directory, 'main.c'), second]);
    assert.deepEqual(report.staleSources, [second]);
  }));

test('a relocation is put on its place', () =>
  inBuildDirectory('debug', async (_, module) => {
    const locator = await openLocator(module, openObject(locatedBytes('debug')), 'located');
    const object = locator.located?.object;
    const section = object?.sectionNames.indexOf('.rela.exit.text') ?? -1;
    const finding: Finding = {
      code: 'relocation',
      severity: 'error',
      stage: 'apply_relocations',
      message: '',
      explanation: '',
      facts: { section, index: 0 },
      locations: [],
    };
    assert.deepEqual(locator.finding(finding).map(short), ['main.c:99:2']);
  }));

test('what is not in the C code stands in the Kbuild file', () =>
  inBuildDirectory('stripped', async (directory, module) => {
    const locator = await openLocator(module, openObject(locatedBytes('stripped')), 'located');
    const finding = { severity: 'error', stage: '', message: '', explanation: '', facts: {}, locations: [] } as const;
    assert.deepEqual(locator.finding({ ...finding, code: 'vermagic' }), [
      { file: path.join(directory, 'Kbuild'), line: 1, column: 1 },
    ]);
  }));

test('a file that is no module has no places', async () => {
  const locator = await openLocator('nowhere.ko', openObject(new Uint8Array(10)), 'nowhere');
  assert.deepEqual([locator.sources, locator.hints(), locator.init()], [[], [], null]);
});

test('kinds of memory inside the core of a kernel up to 6.3', () =>
  inBuildDirectory('stripped', async (_, module) => {
    const sizes = (await analyse(module)).results[0]?.sizes;
    assert.ok(sizes);
    const { coreText, coreRo, coreRw, core } = sizes;
    assert.equal(coreText + coreRo + coreRw, core);
    for (const size of [coreText, coreRo, coreRw]) assert.ok(size >= 4096 && size % 4096 === 0, `${size}`);
  }));

test('a finding about a parameter stands where it is declared', () =>
  inBuildDirectory('stripped', async (_, module) => {
    const locator = await openLocator(module, openObject(locatedBytes('stripped')), 'located');
    const finding = { code: 'invalid-parameter', severity: 'error', stage: '', message: '', explanation: '' } as const;
    const about = { ...finding, facts: { param: 'hello' }, locations: [] };
    const [expectation] = expected.filter(({ kind, name }) => kind === 'parameter' && name === 'hello');
    assert.deepEqual(locator.finding(about).map(short), [expectation?.place]);
  }));

test('imports are listed with their checksums even if no kernel got that far', () =>
  inBuildDirectory('stripped', async (_, module) => {
    const targets = [{ path: snapshotOf('5.10') }];
    const report = await analyseModule({ path: module, targets, args: '', cmdline: '', loaded: [] });
    assert.deepEqual(report.results[0]?.result.symbols, []);
    const kfree = report.symbols.find(({ name }) => name === 'kfree');
    assert.deepEqual([kfree?.crc, kfree?.locations.map(short)], ['0x037a0cba', ['main.c:100:2']]);
  }));
