// Exception tables, patched sections and freed memory as the step view shows them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../src/index';
import type { StepsModel } from '../../src/report/view/types';
import { buildModule } from '../support/builtModule';
import { classicFacts } from '../support/classicFacts';
import { classicModule, I386 } from '../support/classicModule';
import { configured, factsOf, fixture, moduleFile } from '../support/recorded';

const ALLOC = 2;

/** Words of 32 bits, little endian. */
const words = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(values.flatMap(value => [0, 8, 16, 24].map(bit => (value >>> bit) & 0xff)));

test('relative entries of twelve bytes are sorted by where their instructions lie', () => {
  const facts = configured('6.1', { MODVERSIONS: null });
  const entries = words(0x300, 8, 0, 0x100, 8, 0, 0x200, 8, 0);
  const built = buildModule(facts, { sections: [{ name: '__ex_table', flags: ALLOC, align: 4, data: entries }] });
  const { extable, verdict } = new System(facts).trace(built).steps();
  assert.equal(verdict, 'loads');
  assert.deepEqual([extable?.entrySize, extable?.relative, extable?.moved], [12, true, 3]);
  assert.deepEqual([...(extable?.order ?? [])], [1, 2, 0]);
  // A field counts from where it stands; the last leads behind the module.
  assert.deepEqual(extable?.fixup, ['__ex_table + 0xc', '__ex_table + 0x18', '0xffffffffc0000024']);
});

/** Three entries of a kernel of that release. */
function classic(release: string, ...values: readonly number[]): StepsModel['extable'] {
  const vermagic = `${release} 686 `;
  const facts = classicFacts({ release, arch: 'i386', vermagic, config: { MODULES: 'y' } });
  const sections = [{ name: '__ex_table', flags: ALLOC, data: words(...values) }];
  const modinfo = ['license=GPL', `vermagic=${vermagic}`, 'intree=Y'];
  const built = classicModule({ name: 'tables', format: I386, modinfo, sections });
  return new System(facts).trace(built).steps().extable;
}

test('the form of an entry follows the release', () => {
  const old = classic('2.6.39', 0x300, 0x10, 0x100, 0x20, 0x200, 0x30);
  assert.deepEqual([old?.entrySize, old?.relative, old?.insn], [8, false, ['0x300', '0x100', '0x200']]);
  assert.deepEqual([...(old?.order ?? [])], [1, 2, 0]);
  const later = classic('3.10', 0x300, 0x10, 0x100, 0x20, 0x200, 0x30);
  assert.deepEqual([later?.entrySize, later?.relative, later?.order.length], [8, true, 3]);
  assert.equal(classic('4.6', 0x300, 0x10, 0, 0x200, 0x30, 0)?.entrySize, 12);
});

test('a module without a table, and one that is refused before', () => {
  assert.equal(new System(factsOf('6.1')).trace(moduleFile(fixture('6.1', 'minimal'))).steps().extable, null);
  assert.equal(new System(factsOf('6.1')).trace(moduleFile(fixture('6.1', 'unresolved'))).steps().extable, null);
});

test('sections that list code to be patched come in the order of the kernel, and options take them away', () => {
  const patched = (config: Parameters<typeof configured>[1]): string[] =>
    new System(configured('6.1', config))
      .trace(moduleFile(fixture('6.1', 'special')))
      .steps()
      .patches.map(({ section, by, stage }) => `${section} ${by} ${stage}`);
  const all = patched({});
  assert.deepEqual(all, [
    '.return_sites apply_returns module_finalize',
    '.altinstructions apply_alternatives module_finalize',
    '.smp_locks alternatives_smp_module_add module_finalize',
    '.orc_unwind_ip unwind_module_init module_finalize',
    '__mcount_loc ftrace_module_enable prepare_coming_module',
    '__jump_table jump_label_module_notify prepare_coming_module',
    '.static_call_sites static_call_module_notify prepare_coming_module',
  ]);
  assert.deepEqual(
    patched({ RETHUNK: null, JUMP_LABEL: null }),
    all.filter(row => !/^\.return_sites|^__jump_table/.test(row)),
  );
});

test('init memory is freed', () => {
  const { freed } = new System(factsOf('7.2')).trace(moduleFile(fixture('7.2', 'minimal'))).steps();
  assert.deepEqual(
    freed.map(({ region }) => region),
    ['MOD_INIT_TEXT', 'MOD_INIT_DATA'],
  );
  assert.ok(freed[0]?.parts.includes('.init.text'));
});
