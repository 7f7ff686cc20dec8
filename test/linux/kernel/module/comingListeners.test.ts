// Who hears of a module that comes, and the state that the module has after each stage.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type ModuleFile } from '../../../../src/index';
import type { TracedStage } from '../../../../src/linux/trace/types';
import type { StepsModel } from '../../../../src/report/view/types';
import { factsOf, fixture, moduleFile } from '../../../support/recorded';

const special = fixture('6.1', 'special');
const trace = (file: ModuleFile, args = ''): StepsModel => new System(factsOf('6.1')).trace(file, args).steps();

function stageOf({ stages }: StepsModel, name: string): TracedStage {
  const stage = stages.find(each => each.name === name);
  assert.ok(stage, name);
  return stage;
}

test('a module is unformed, then coming, then live', () => {
  const steps = trace(moduleFile(special));
  const changes = steps.stages.filter(({ changed }) => changed.includes('module state'));
  assert.deepEqual(
    changes.map(({ name, state }) => `${name} ${state}`),
    ['add_unformed_module unformed', 'complete_formation coming', 'do_init_module live'],
  );
  assert.equal(stageOf(steps, 'layout_and_allocate').state, null);
});

test('each listener is named with what it reads of the module', () => {
  const { checks } = stageOf(trace(moduleFile(special)), 'prepare_coming_module');
  const names = checks.map(({ what }) => what);
  assert.deepEqual(names.slice(0, 3), ['ftrace_module_enable', 'klp_module_coming', 'jump_label_module_notify']);
  const jumpLabels = checks[2];
  assert.deepEqual(jumpLabels?.value, {
    id: 'section-bytes',
    facts: { section: '__jump_table', count: special.section('__jump_table').sh_size },
  });
  assert.ok(checks.every(({ ok }) => ok === null));
});

test('no other is asked after the one that refuses, and the module goes', () => {
  const RELA = '.rela.static_call_sites';
  const patch = special.setRela(RELA, 3, 'r_sym', special.rela(RELA, 2).r_sym);
  const stage = stageOf(trace(moduleFile(special, [patch])), 'prepare_coming_module');
  assert.deepEqual(
    stage.checks.filter(({ ok }) => ok === false).map(({ what }) => what),
    ['static_call_module_notify'],
  );
  assert.equal(stage.checks.at(-1)?.what, 'static_call_module_notify');
  assert.equal(stage.state, 'going');
});

test('a module that is refused before anybody heard of it is only taken from the list', () => {
  const RELA = '.rela.gnu.linkonce.this_module';
  const file = moduleFile(special, [special.setRela(RELA, 1, 'r_type', 99)]);
  const stage = stageOf(trace(file), 'apply_relocations');
  assert.equal(stage.outcome, 'refused');
  assert.equal(stage.state, null);
});
