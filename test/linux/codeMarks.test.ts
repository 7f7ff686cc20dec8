// Code that a kernel takes for granted and does not check: returns it patches, entries of indirect calls, type hashes.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readSnapshot } from '../../src/host/node/targets';
import { System } from '../../src/index';
import type { KernelFacts } from '../../src/target/types';
import { TARGET_FILE } from '../kernel/lib/engine';
import type { KoFile, KoSymbol } from '../kernel/lib/koFile';
import { archRecordedRoot, fixturesDir, recordedDir } from '../kernel/lib/paths';
import { readFixtureModule, type Patch } from '../kernel/lib/recipe';
import { configured, factsOf, fixture, GENERATIONS, moduleFile } from '../support/recorded';

const NEW = new Set(['return-sites-missing', 'endbr-missing', 'bti-missing', 'cfi-hash-missing']);

function found(facts: KernelFacts, file: { path: string; bytes: Uint8Array }): [string, string][] {
  const { findings } = new System(facts).insmod(file);
  return findings.filter(({ code }) => NEW.has(code)).map(({ code, message }) => [code, message]);
}

/** Where a function begins in the file. */
const fileOffset = (ko: KoFile, { st_shndx, st_value }: KoSymbol): number =>
  Number(ko.numberAt(ko.shdrAt(st_shndx) + 24, 8)) + Number(st_value);

const nops = (ko: KoFile, name: string): Patch => [fileOffset(ko, ko.symbol(name)), '90909090'];

/** The jump to the return thunk at the end of a function becomes other bytes, and its relocation none. */
function otherEnd(ko: KoFile, name: string, hex: string): Patch[] {
  const symbol = ko.symbol(name);
  const code = ko.stringAt(ko.section('.shstrtab').sh_offset + Number(ko.numberAt(ko.shdrAt(symbol.st_shndx), 4)));
  const end = Number(symbol.st_value) + Number(symbol.st_size);
  const entries = Array.from({ length: ko.relaCount(`.rela${code}`) }, (_, i) => i);
  const entry = entries.find(i => {
    const { r_offset } = ko.rela(`.rela${code}`, i);
    return r_offset > end - 8 && r_offset < end;
  });
  assert.ok(entry !== undefined);
  const at = fileOffset(ko, symbol) + Number(symbol.st_size) - hex.length / 2;
  return [ko.setRela(`.rela${code}`, entry, 'r_type', 0), [at, hex]];
}

test('modules as kbuild makes them have all of it', () => {
  for (const generation of GENERATIONS)
    for (const name of ['minimal', 'exporter', 'paramkinds'])
      assert.deepEqual(found(factsOf(generation), moduleFile(fixture(generation, name))), [], `${generation} ${name}`);
});

test('init and exported functions without endbr64, where the kernel tracks indirect branches', () => {
  const minimal = fixture('6.12', 'minimal');
  const file = moduleFile(minimal, [nops(minimal, 'init_module')]);
  assert.deepEqual(found(factsOf('6.12'), file), [
    ['endbr-missing', 'minimal: init_module does not begin with endbr64 (1 functions in all)'],
  ]);
  assert.deepEqual(found(configured('6.12', { X86_KERNEL_IBT: null }), file), []);
  const exporter = fixture('6.12', 'exporter');
  const exported = new Set(
    exporter.symbols.flatMap(({ name }) => (name.startsWith('__ksymtab_') ? [name.slice('__ksymtab_'.length)] : [])),
  );
  const functions = exporter.symbols.filter(({ name, st_info }) => exported.has(name) && (st_info & 0xf) === 2);
  const [first] = functions;
  assert.ok(first);
  const [finding] = found(factsOf('6.12'), moduleFile(exporter, [nops(exporter, first.name)]));
  assert.equal(finding?.[0], 'endbr-missing');
  assert.match(finding[1], new RegExp(first.name));
});

test('a plain ret in a kernel that patches returns', () => {
  for (const generation of GENERATIONS) {
    const ko = fixture(generation, 'minimal');
    const file = moduleFile(ko, otherEnd(ko, 'init_module', 'c3'));
    assert.deepEqual(
      found(factsOf(generation), file).map(([code]) => code),
      ['return-sites-missing'],
      generation,
    );
    assert.deepEqual(found(configured(generation, { RETHUNK: null, MITIGATION_RETHUNK: null }), file), []);
  }
  // A short jump may end in the same byte.
  const ko = fixture('6.12', 'minimal');
  assert.deepEqual(found(factsOf('6.12'), moduleFile(ko, otherEnd(ko, 'init_module', 'ebc3'))), []);
});

test('a module of another compiler on a kernel with type hashes', () => {
  const file = moduleFile(fixture('6.12', 'minimal'));
  for (const option of ['CFI_CLANG', 'CFI'])
    assert.deepEqual(
      found(configured('6.12', { [option]: 'y' }), file).map(([code]) => code),
      ['cfi-hash-missing'],
    );
});

test('functions without a landing pad on an arm64 kernel with BTI', () => {
  const release = '6.12.117+deb13-arm64';
  assert.ok(recordedDir(release).startsWith(archRecordedRoot()));
  const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
  const bytes = readFixtureModule(fixturesDir(release), { fixture: 'places' });
  const file = { path: 'places.ko', bytes };
  assert.deepEqual(found(facts, file), []);
  const guarded = { ...facts, config: { ...facts.config, ARM64_BTI_KERNEL: 'y' } };
  assert.deepEqual(
    found(guarded, file).map(([code]) => code),
    ['bti-missing'],
  );
});
