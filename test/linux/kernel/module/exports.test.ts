// Export tables of loaded modules and what may be bound to them: order, GPL-only, CRCs, namespaces, duplicates.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../../src/index';
import type { KernelFacts } from '../../../../src/target/types';
import { findSymbol } from '../../../../src/linux/kernel/module/findSymbol';
import { bsearchExport } from '../../../../src/linux/kernel/module/moduleExports';
import type { ModuleExport } from '../../../../src/linux/kernel/module/types';
import { text, type KoFile } from '../../../kernel/lib/koFile';
import type { Patch } from '../../../kernel/lib/recipe';
import { loadInside } from '../../../support/loading';
import { configured, factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../../../support/recorded';

const entry = (name: string): ModuleExport => ({ name, value: 0n, crc: null, namespace: null, gplOnly: false });
const table = (...names: string[]) => ({ table: '' as const, entries: names.map(entry), unreadable: 0, left: 0 });

test('a sorted table gives every name, and nothing else', () => {
  const names = ['_a', 'B', 'a', 'a_b', 'ab', 'b', 'z'].sort();
  for (const name of names) assert.equal(bsearchExport(table(...names), name)?.name, name);
  for (const name of ['', 'A', 'aa', 'zz']) assert.equal(bsearchExport(table(...names), name), null);
  assert.equal(bsearchExport(table(), 'a'), null);
});

test('an unsorted table loses names', () => {
  const exports = table('d', 'b', 'c', 'a');
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map(name => bsearchExport(exports, name) !== null),
    [false, true, true, false],
  );
});

/** Loads modules one after the other; the results by name. */
function loadAll(facts: KernelFacts, modules: readonly (readonly [KoFile, (readonly Patch[])?])[]) {
  const system = new System(facts);
  return modules.map(([ko, patches]) => system.insmod(moduleFile(ko, patches)));
}

const own = (texts: readonly { readonly text: string }[]) =>
  texts.map(line => line.text).filter(line => !/out-of-tree|verification failed/.test(line));

/** Gives an export another name of the same length, in the strings of the export table. */
function rename(ko: KoFile, from: string, to: string): Patch {
  assert.equal(from.length, to.length);
  const { sh_offset, sh_size } = ko.section('__ksymtab_strings');
  const at = Buffer.from(ko.bytes).indexOf(from + '\0', sh_offset, 'latin1');
  assert.ok(at >= sh_offset && at < sh_offset + sh_size);
  return text(at, to);
}

const versionPatch = (ko: KoFile, symbol: string, hex: string, offset = 0): Patch => {
  const version = ko.versions.find(one => one.name === symbol);
  assert.ok(version);
  return [version.at + offset, hex];
};

for (const generation of GENERATIONS) {
  const facts = factsOf(generation);
  const ko = (name: string) => fixture(generation, name);

  test(`${generation}: a name out of order hides others from whoever looks by halves`, () => {
    const many = ko('manyexports');
    const { machine, outcome } = loadInside(
      facts,
      moduleFile(many, [rename(many, 'suite_many_30', 'aaaaa_many_30')]).bytes,
    );
    assert.equal(outcome.errno, 0);
    const names = machine.modules[0]?.exports.flatMap(one => one.entries.map(({ name }) => name)) ?? [];
    assert.equal(names.length, 40);
    const lost = names.filter(name => findSymbol(machine, machine.kernel.names.addName(name), true) === null);
    // It stands in the middle, where the search begins: everything before it is looked for behind it.
    assert.deepEqual(lost, names.slice(0, 20));
    assert.equal(names[20], 'aaaaa_many_30');
    const { machine: sorted } = loadInside(facts, many.bytes);
    for (const name of sorted.modules[0]?.exports.flatMap(one => one.entries.map(e => e.name)) ?? [])
      assert.ok(findSymbol(sorted, sorted.kernel.names.addName(name), true), name);
  });

  test(`${generation}: GPL-only exports do not exist for proprietary modules`, () => {
    const user = ko('gpluser');
    const [, result] = loadAll(facts, [[ko('exporter')], [user, [user.setModinfo('license', 'license=X')]]]);
    assert.equal(result?.errno, 2);
    assert.ok(own(result?.log ?? []).includes('gpluser: Unknown symbol suite_gpl (err -2)'));
    const symbol = result?.symbols.find(one => one.name === 'suite_gpl');
    assert.deepEqual([symbol?.gplOnly, symbol?.owner, symbol?.status], [true, 'exporter', 'gpl-only']);
    const { machine } = loadInside(facts, ko('exporter').bytes);
    assert.equal(findSymbol(machine, machine.kernel.names.addName('suite_gpl'), false), null);
    assert.equal(findSymbol(machine, machine.kernel.names.addName('suite_gpl'), true)?.gplOnly, true);
    assert.equal(findSymbol(machine, machine.kernel.names.addName('suite_plain'), false)?.gplOnly, false);
  });

  test(`${generation}: the value of an export is where the function is`, () => {
    const { machine, load } = loadInside(facts, ko('exporter').bytes);
    const symbol = ko('exporter').symbol('suite_data');
    const section = load.info.sechdrs[symbol.st_shndx];
    assert.equal(
      findSymbol(machine, machine.kernel.names.addName('suite_data'), true)?.value,
      (section?.sh_addr ?? 0n) + symbol.st_value,
    );
  });

  test(`${generation}: namespaces have to be imported`, () => {
    const user = ko('nsuser');
    const dropped = [user.dropTag('import_ns')];
    const namespace = user.tag('import_ns').value;
    const [, imported] = loadAll(facts, [[ko('nsexporter')], [user]]);
    assert.equal(imported?.errno, 0);
    assert.ok(imported?.symbols.some(symbol => symbol.namespace === namespace));
    const [, result] = loadAll(facts, [[ko('nsexporter')], [user, dropped]]);
    assert.equal(result?.errno, 22);
    const symbol = result?.symbols.find(one => one.status === 'namespace')?.name ?? '';
    const line = `nsuser: module uses symbol (${symbol}) from namespace ${namespace}, but does not import it.`;
    assert.deepEqual(own(result?.log ?? []), [line, `nsuser: Unknown symbol ${symbol} (err -22)`]);
    const lenient = configured(generation, { MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS: 'y' });
    const [, allowed] = loadAll(lenient, [[ko('nsexporter')], [user, dropped]]);
    assert.equal(allowed?.errno, 0);
    assert.ok(allowed?.log.some(({ level, text }) => level === 4 && text === line));
  });

  test(`${generation}: nobody exports a name twice`, () => {
    const many = ko('manyexports');
    const twin = [...copyOf(many, 'manyexports', 'twinexports'), rename(many, 'suite_many_10', 'aaaaa_many_10')];
    const [, result] = loadAll(facts, [[many], [many, twin]]);
    assert.equal(result?.errno, 8);
    assert.deepEqual(own(result?.log ?? []), [
      'twinexports: exports duplicate symbol suite_many_11 (owned by manyexports)',
    ]);
    const exporter = ko('exporter');
    const clash = [rename(exporter, 'suite_plain', 'kmalloc_arr'.padEnd(11, '_').slice(0, 11))];
    assert.equal(loadAll(facts, [[exporter, clash]])[0]?.errno, 0, 'no such symbol in the kernel');
  });
}

/** Another name for a module, of the same length, both in .modinfo and in struct module. */
function copyOf(ko: KoFile, from: string, to: string): Patch[] {
  assert.equal(from.length, to.length);
  return [ko.setModinfo('name', `name=${to}`), text(ko.section('.gnu.linkonce.this_module').sh_offset + 24, to)];
}

const VERSIONED: readonly Generation[] = ['5.10', '6.1', '6.12'];

for (const generation of VERSIONED) {
  const ko = (name: string) => fixture(generation, name);

  test(`${generation}: another CRC refuses`, () => {
    const user = ko('user');
    for (const [hex, offset] of [
      ['deadbeef', 0],
      // The table holds unsigned longs: the upper half counts.
      ['01', 4],
    ] as const) {
      const patches = [versionPatch(user, 'suite_plain', hex, offset)];
      const [, result] = loadAll(factsOf(generation), [[ko('exporter')], [user, patches]]);
      assert.equal(result?.errno, 22);
      assert.deepEqual(own(result?.log ?? []), [
        'user: disagrees about version of symbol suite_plain',
        'user: Unknown symbol suite_plain (err -22)',
      ]);
      assert.equal(result?.symbols.find(symbol => symbol.name === 'suite_plain')?.status, 'version');
    }
  });

  test(`${generation}: another CRC of module_layout refuses in another way`, () => {
    const user = ko('minimal');
    const [result] = loadAll(factsOf(generation), [[user, [versionPatch(user, 'module_layout', 'deadbeef')]]]);
    assert.deepEqual(
      [result?.errno, result?.log.map(line => line.text)],
      [8, ['minimal: disagrees about version of symbol module_layout']],
    );
  });

  test(`${generation}: a symbol without an entry: Debian refuses, mainline mentions it once`, () => {
    const user = ko('user');
    const missing = [versionPatch(user, 'suite_plain', '5f', 8), versionPatch(user, 'suite_data', '5f', 8)];
    const [, debian] = loadAll(factsOf(generation), [[ko('exporter')], [user, missing]]);
    assert.equal(debian?.errno, 22);
    assert.deepEqual(own(debian?.log ?? []).sort(), [
      'user: Unknown symbol suite_data (err -22)',
      'user: Unknown symbol suite_plain (err -22)',
      'user: no symbol version for suite_data',
      'user: no symbol version for suite_plain',
    ]);
    const mainline = configured(generation, {}, { distribution: null });
    const [, accepted] = loadAll(mainline, [[ko('exporter')], [user, missing]]);
    assert.equal(accepted?.errno, 0);
    assert.match(own(accepted?.log ?? []).join('\n'), /^user: no symbol version for suite_\w+$/);
    const layout = ko('minimal');
    const noLayout = [versionPatch(layout, 'module_layout', '5f', 8)];
    assert.equal(loadAll(factsOf(generation), [[layout, noLayout]])[0]?.errno, 8);
    assert.equal(loadAll(mainline, [[layout, noLayout]])[0]?.errno, 0);
  });

  test(`${generation}: a module without versions is forced in, or silently refused`, () => {
    const minimal = ko('minimal');
    const stripped = [minimal.renameSection('__versions')];
    const [forced] = loadAll(factsOf(generation), [[minimal, stripped]]);
    assert.deepEqual([forced?.errno, forced?.taints], [0, 'FOE']);
    assert.equal(own(forced?.log ?? [])[0], 'minimal: module_layout: kernel tainted.');
    const [refused] = loadAll(configured(generation, { MODULE_FORCE_LOAD: null }), [[minimal, stripped]]);
    assert.deepEqual([refused?.errno, refused?.log], [8, []]);
    assert.ok(refused?.findings.some(finding => finding.code === 'no-versions'));
  });

  test(`${generation}: an exporter without CRCs`, () => {
    const exporter = ko('exporter');
    const tables = ['__kcrctab', '__kcrctab_gpl'].map(name => exporter.renameSection(name));
    const [forced, user] = loadAll(factsOf(generation), [[exporter, tables], [ko('user')]]);
    assert.deepEqual([forced?.errno, forced?.taints], [0, 'FOE']);
    assert.equal(own(forced?.log ?? [])[0], 'exporter: no versions for exported symbols: kernel tainted.');
    assert.equal(user?.errno, 0, 'nothing to compare with');
    const [refused] = loadAll(configured(generation, { MODULE_FORCE_LOAD: null }), [[exporter, tables]]);
    assert.equal(refused?.errno, 8);
  });
}

for (const generation of GENERATIONS) {
  test(`${generation}: a module without vermagic is forced in, or silently refused`, () => {
    const minimal = fixture(generation, 'minimal');
    const stripped = [minimal.dropTag('vermagic')];
    const [forced] = loadAll(factsOf(generation), [[minimal, stripped]]);
    assert.deepEqual([forced?.errno, forced?.taints], [0, 'FOE']);
    assert.equal(own(forced?.log ?? [])[0], 'minimal: bad vermagic: kernel tainted.');
    const [refused] = loadAll(configured(generation, { MODULE_FORCE_LOAD: null }), [[minimal, stripped]]);
    assert.deepEqual([refused?.errno, refused?.log], [8, []]);
  });
}

test('7.2: exports need their flags, and the tables of old are ignored', () => {
  const exporter = fixture('7.2', 'exporter');
  const [result] = loadAll(factsOf('7.2'), [[exporter, [exporter.renameSection('__kflagstab')]]]);
  assert.deepEqual([result?.errno, own(result?.log ?? [])], [8, ['exporter: no flags for exported symbols']]);
});
