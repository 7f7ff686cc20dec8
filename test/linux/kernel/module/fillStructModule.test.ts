// Relocations into members of struct module that the loader has set by then. test/kernel holds the same against real kernels.
import assert from 'node:assert/strict';
import test from 'node:test';
import { INT, PTR, STRUCT } from '../../../../src/formats/btf/kinds';
import { System, type LoadResult } from '../../../../src/index';
import { factsOf, fixture, moduleFile } from '../../../support/recorded';
import { info, rawBtf } from '../../../support/rawBtf';

const [WORD, POINTER, LIST, ENTRY, NODE, LAYOUT] = [1, 2, 3, 4, 5, 6];
const at = (bytes: number): number => 8 * bytes;

/** A few members of struct module, where 6.1 has them. */
const BTF = rawBtf([
  ['unsigned int', info(INT), 4, 32],
  ['', info(PTR), ENTRY],
  ['list_head', info(STRUCT, 2), 16, 'next', POINTER, 0, 'prev', POINTER, at(8)],
  ['jump_entry', info(STRUCT), 16],
  ['mod_tree_node', info(STRUCT, 2), 56, 'mod', POINTER, 0, 'node', LIST, at(8)],
  ['module_layout', info(STRUCT, 3), 80, 'base', POINTER, 0, 'size', WORD, at(8), 'mtn', NODE, at(24)],
  [
    ...['module', info(STRUCT, 6), 896],
    ...['state', WORD, 0],
    ...['core_layout', LAYOUT, at(320)],
    ...['jump_entries', POINTER, at(696)],
    ...['num_jump_entries', WORD, at(704)],
    ...['num_trace_bprintk_fmt', WORD, at(708)],
    ...['refcnt', WORD, at(856)],
  ],
]);

const RELA = '.rela.gnu.linkonce.this_module';
const R_X86_64_32S = 11;

/** The answer to a module whose relocation of init goes elsewhere. */
function moved(fixtureName: string, offset: number, btf: Uint8Array | null = BTF): LoadResult {
  const ko = fixture('6.1', fixtureName);
  const patches = [ko.setRela(RELA, 0, 'r_offset', offset), ko.setRela(RELA, 0, 'r_type', R_X86_64_32S)];
  const facts = { ...factsOf('6.1'), btf: btf && { bytes: btf, source: 'a test' } };
  return new System(facts).insmod(moduleFile(ko, patches));
}

const isRefused = ({ errnoName, log }: LoadResult): boolean =>
  errnoName === 'ENOEXEC' && log.some(({ text }) => text.includes('existing value is nonzero'));

test('a member that every load sets', () => {
  for (const offset of [0, 8, 320, 328, 344, 856]) assert.ok(isRefused(moved('minimal', offset)), `offset ${offset}`);
});

test('a member that a section sets, in a module with and without it', () => {
  assert.ok(isRefused(moved('special', 696)));
  assert.ok(isRefused(moved('special', 704)));
  assert.ok(!isRefused(moved('minimal', 696)));
  assert.ok(!isRefused(moved('minimal', 704)));
});

test('a member that is not set is written, and nobody says what the kernel does then', () => {
  const { findings, errno } = moved('special', 708);
  assert.equal(errno, 0);
  assert.ok(findings.some(({ code }) => code === 'unchecked-field'));
});

test('what other modules decide is unchecked', () => {
  assert.equal(moved('minimal', 352).verdict, 'unchecked');
});

test('without the BTF of the kernel only the beginning is known', () => {
  assert.ok(isRefused(moved('minimal', 8, null)));
  assert.ok(!isRefused(moved('minimal', 4, null)));
  assert.ok(moved('minimal', 856, null).findings.some(({ code }) => code === 'unchecked-field'));
});
