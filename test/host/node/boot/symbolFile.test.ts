// The file that gdb reads a module's symbols from.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { symbolFile, withoutAddresses } from '../../../../src/host/node/boot/symbolFile';
import { readSections } from '../../../../src/formats/elf/sectionByName';
import { fixturesDir } from '../../../kernel/lib/paths';

const directory = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
after(() => rmSync(directory, { recursive: true }));

const fixture = (release: string): string => path.join(fixturesDir(release), 'minimal.ko');
/** Its linker left an address in __patchable_function_entries. */
const ARM64 = fixture('6.1.0-50-arm64');
const X86_64 = fixture('6.1.0-50-amd64');

const addresses = (bytes: Uint8Array): bigint[] => (readSections(bytes)?.shdrs ?? []).map(({ sh_addr }) => sh_addr);

test('a module without addresses is its own file of symbols', () => {
  assert.equal(symbolFile(X86_64, readFileSync(X86_64), directory), X86_64);
  assert.deepEqual(readdirSync(directory), []);
});

test('addresses that the linker left are cleared in a copy, and nothing else is', () => {
  const bytes = readFileSync(ARM64);
  assert.ok(addresses(bytes).some(address => address > 0n));
  const copy = readFileSync(symbolFile(ARM64, bytes, directory));
  assert.ok(addresses(copy).every(address => address === 0n));
  const changed = [...bytes.keys()].filter(at => bytes[at] !== copy[at]);
  assert.equal(changed.length, addresses(bytes).filter(address => address > 0n).length);
});

test('what is packed is written out', () => {
  const file = symbolFile('/modules/minimal.ko.xz', readFileSync(X86_64), directory);
  assert.equal(file, path.join(directory, 'minimal.ko'));
  assert.deepEqual(readFileSync(file), readFileSync(X86_64));
});

test('bytes that are no module stay as they are', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  assert.equal(withoutAddresses(bytes), bytes);
});
