// The object insmod returns: exactly the contract, for modules that load and for modules that do not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type LoadResult } from '../../src/index';
import { factsOf, fixture, GENERATIONS, moduleFile, releaseOf } from '../support/recorded';
import { schemaErrors } from '../support/schema';

/** As another program would receive it. */
function throughJson(result: LoadResult): LoadResult {
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result, 'JSON loses nothing');
  return result;
}

for (const generation of GENERATIONS) {
  test(`${generation}: a module that loads`, () => {
    const system = new System(factsOf(generation));
    assert.equal(system.insmod(moduleFile(fixture(generation, 'exporter'))).errno, 0);
    const result = throughJson(system.insmod(moduleFile(fixture(generation, 'user'))));
    assert.deepEqual(schemaErrors('insmod', result), []);
    assert.deepEqual(
      [result.verdict, result.errno, result.errnoName, result.insmod, result.taints, result.depends],
      ['loads', 0, null, null, 'OE', ['exporter']],
    );
    assert.deepEqual(result.module, { name: 'user', path: 'user.ko' });
    assert.deepEqual(result.kernel, { release: releaseOf(generation), arch: 'x86_64' });
    // What a kernel is not configured for is skipped, and says so; everything else passed.
    const skipped = result.stages.filter(stage => stage.outcome === 'skipped');
    assert.ok(result.stages.every(stage => stage.outcome === 'passed' || skipped.includes(stage)));
    assert.ok(skipped.every(stage => stage.notes.length > 0));
    assert.equal(
      skipped.some(stage => stage.name === 'check_modstruct_version'),
      generation === '7.2',
    );
    assert.equal(result.stages[0]?.name, 'finit_module');
    assert.equal(result.stages.at(-1)?.name, 'do_init_module');
    const plain = result.symbols.find(symbol => symbol.name === 'suite_plain');
    assert.deepEqual([plain?.owner, plain?.gplOnly, plain?.weak, plain?.status], ['exporter', false, false, 'ok']);
    assert.equal(plain?.wanted, plain?.found);
    if (generation === '7.2') assert.equal(plain?.found, null);
    else assert.match(plain?.found ?? '', /^0x[0-9a-f]{8}$/);
  });

  test(`${generation}: a module that is refused`, () => {
    const system = new System(factsOf(generation));
    const result = throughJson(system.insmod(moduleFile(fixture(generation, 'unresolved'))));
    assert.deepEqual(schemaErrors('insmod', result), []);
    assert.deepEqual([result.verdict, result.errno, result.errnoName], ['refused', 2, 'ENOENT']);
    assert.equal(result.insmod, 'insmod: ERROR: could not insert module unresolved.ko: Unknown symbol in module');
    // What comes after the stage that refused is absent; what was known by then is there.
    assert.deepEqual(result.stages.at(-1)?.name, 'simplify_symbols');
    assert.deepEqual(result.stages.filter(stage => stage.outcome === 'refused').length, 1);
    assert.deepEqual(result.params, []);
    assert.ok(result.layout.coresize > 0 && result.layout.regions.length > 0);
    const errors = result.findings.filter(finding => finding.severity === 'error');
    assert.deepEqual(errors.map(finding => finding.symbol).sort(), ['suite_missing_one', 'suite_missing_two']);
    assert.ok(errors.every(finding => finding.stage === 'simplify_symbols' && finding.code === 'symbol-not-in-target'));
  });

  test(`${generation}: regions, sections and sizes fit together`, () => {
    const { layout } = new System(factsOf(generation)).insmod(moduleFile(fixture(generation, 'special')));
    for (const region of layout.regions) {
      for (const { name, offset, size, align } of region.sections) {
        assert.ok(offset + size <= region.size, `${name} ends inside ${region.name}`);
        assert.equal(offset % Math.max(align, 1), 0, `${name} is aligned`);
      }
    }
    const total = layout.regions.filter(r => r.name !== 'percpu').reduce((sum, region) => sum + region.size, 0);
    assert.equal(total, layout.coresize + layout.initsize);
  });
}

test('stages come in the order of the kernel, which is not the same in all of them', () => {
  const stages = (generation: '5.10' | '7.2') =>
    new System(factsOf(generation)).insmod(moduleFile(fixture(generation, 'minimal'))).stages.map(stage => stage.name);
  const [old, recent] = [stages('5.10'), stages('7.2')];
  assert.ok(old.includes('setup_load_info') && !recent.includes('setup_load_info'));
  assert.ok(recent.includes('module_patient_check_exists') && !old.includes('module_patient_check_exists'));
  for (const names of [old, recent]) {
    const order = ['module_sig_check', 'check_modinfo', 'add_unformed_module', 'simplify_symbols', 'parse_args'];
    assert.deepEqual(
      order.map(name => names.indexOf(name)),
      order.map(name => names.indexOf(name)).sort((a, b) => a - b),
    );
    assert.ok(order.every(name => names.includes(name)));
  }
});

test('parameters: as sysfs prints them, with the descriptions of the module', () => {
  for (const generation of GENERATIONS) {
    const file = moduleFile(fixture(generation, 'paramkinds'));
    const result = new System(factsOf(generation)).insmod(file, 'p_int=0x10 p_bool p_ints=1,2,3 p_charp="a b"');
    const of = (name: string) => result.params.find(param => param.name === name);
    assert.deepEqual(of('p_int'), { name: 'p_int', type: 'int', perm: 0o644, value: '16', description: 'an int' });
    assert.equal(of('p_bool')?.value, 'Y');
    assert.deepEqual([of('p_ints')?.value, of('p_ints')?.type], ['1,2,3', 'array of int']);
    assert.equal(of('p_charp')?.value, 'a b');
    assert.equal(of('p_custom')?.value, null);
  }
});
