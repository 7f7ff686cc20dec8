// struct module as the step view shows it while it fills.
import assert from 'node:assert/strict';
import test from 'node:test';
import { INT, PTR, STRUCT } from '../../src/formats/btf/kinds';
import { System } from '../../src/index';
import type { StepsModel } from '../../src/report/view/types';
import { factsOf, fixture, moduleFile } from '../support/recorded';
import { info, rawBtf } from '../support/rawBtf';

const [WORD, POINTER, LIST, ENTRY, LAYOUT] = [1, 2, 3, 4, 5];
const at = (bytes: number): number => 8 * bytes;

/** A few members of struct module, where 6.1 has them. */
const BTF = rawBtf([
  ['unsigned int', info(INT), 4, 32],
  ['', info(PTR), ENTRY],
  ['list_head', info(STRUCT, 2), 16, 'next', POINTER, 0, 'prev', POINTER, at(8)],
  ['jump_entry', info(STRUCT), 16],
  ['module_layout', info(STRUCT, 2), 80, 'base', POINTER, 0, 'size', WORD, at(8)],
  [
    ...['module', info(STRUCT, 9), 896, 'state', WORD, 0, 'list', LIST, at(8), 'init', POINTER, at(312)],
    ...['core_layout', LAYOUT, at(320), 'jump_entries', POINTER, at(696), 'num_jump_entries', WORD, at(704)],
    ...['target_list', LIST, at(832), 'exit', POINTER, at(848), 'refcnt', WORD, at(856)],
  ],
]);

/** stage, member, value */
function writesOf({ structModule, stages }: StepsModel): string[] {
  assert.ok(structModule);
  const { writes, members } = structModule;
  return writes.map(({ stage, member, value }) => {
    const shown = typeof value === 'string' ? value : value.id;
    return `${stages[stage]?.name} ${members[member]?.name} ${shown}`;
  });
}

function stepsOf(name: string, btf: Uint8Array | null = BTF): StepsModel {
  const facts = { ...factsOf('6.1'), btf: btf && { bytes: btf, source: 'a test' } };
  const system = new System(facts);
  if (name === 'user') system.insmod(moduleFile(fixture('6.1', 'exporter')));
  return system.trace(moduleFile(fixture('6.1', name))).steps();
}

test('each stage writes its members, and they are named with their places', () => {
  const steps = stepsOf('special');
  const { structModule } = steps;
  assert.equal(structModule?.source, 'btf');
  assert.equal(structModule.size, 896);
  const writes = writesOf(steps);
  for (const write of [
    'layout_and_allocate core_layout.size 20480',
    'add_unformed_module state MODULE_STATE_UNFORMED',
    'add_unformed_module list kernel-address',
    'percpu_modalloc refcnt 2',
    'percpu_modalloc target_list list-empty',
    'complete_formation state MODULE_STATE_COMING',
    'do_init_module state MODULE_STATE_LIVE',
    'do_init_module refcnt 1',
  ])
    assert.ok(writes.includes(write), `${write}\n${writes.join('\n')}`);
  const jumps = structModule.members.find(({ name }) => name === 'jump_entries');
  assert.deepEqual([jumps?.offset, jumps?.size, jumps?.initial], [696, 8, '0']);
  assert.ok(writes.some(write => /^find_module_sections num_jump_entries [1-9]/.test(write)));
  // Its parts are shown instead.
  assert.ok(!structModule.members.some(({ name }) => name === 'core_layout'));
  for (const { name, changed } of steps.stages)
    assert.equal(
      changed.includes('struct module'),
      writes.some(write => write.startsWith(`${name} `)),
      name,
    );
});

test('init is what relocations make it', () => {
  const { structModule } = stepsOf('special');
  const init = structModule?.writes.find(({ member }) => structModule.members[member]?.name === 'init');
  assert.match(String(init?.value), /^0xffffffffc0/);
});

test('a module that uses another names it in its list', () => {
  assert.ok(writesOf(stepsOf('user')).includes('simplify_symbols target_list exporter'));
});

test('a module that is refused goes', () => {
  const facts = { ...factsOf('6.1'), btf: { bytes: BTF, source: 'a test' } };
  const steps = new System(facts).trace(moduleFile(fixture('6.1', 'paramkinds')), 'p_int=x').steps();
  assert.equal(steps.verdict, 'refused');
  assert.ok(writesOf(steps).at(-1)?.endsWith('state MODULE_STATE_GOING'));
});

test('without types only the beginning is known', () => {
  const { structModule } = stepsOf('minimal', null);
  assert.equal(structModule?.source, 'prefix');
  assert.deepEqual(
    structModule.members.map(({ name, offset, size }) => [name, offset, size]),
    [
      ['state', 0, 4],
      ['list', 8, 16],
      ['name', 24, 56],
      ['init', 312, 8],
      ['exit', 848, 8],
    ],
  );
  assert.equal(structModule.members[2]?.initial, 'minimal');
});
