// A System is one machine from boot on: what one call leaves behind, the next one finds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System, type InsmodOptions } from '../../src/index';
import { factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../support/recorded';

/** A booted machine with short ways to ask it. */
function boot(generation: Generation, cmdline = '') {
  const system = new System(factsOf(generation), { cmdline });
  return {
    system,
    insmod: (name: string, args = '', options: InsmodOptions = {}) =>
      system.insmod(moduleFile(fixture(generation, name)), args, options),
    rmmod: (name: string, flags?: number) => system.rmmod(name, flags === undefined ? {} : { flags }),
    names: () => system.modules.map(module => module.name),
    state: (name: string) => system.modules.find(module => module.name === name),
  };
}

const texts = (result: { readonly log: readonly { readonly text: string }[] }) => result.log.map(line => line.text);

for (const generation of GENERATIONS) {
  const late = generation === '6.12' || generation === '7.2';

  test(`${generation}: taint lines come once, taints stay when modules go`, () => {
    const { system, insmod, rmmod } = boot(generation);
    assert.equal(system.taints, '');
    assert.deepEqual(texts(insmod('minimal')), [
      'minimal: loading out-of-tree module taints kernel.',
      'minimal: module verification failed: signature and/or required key missing - tainting kernel',
    ]);
    assert.deepEqual(texts(insmod('exporter')), []);
    assert.equal(rmmod('minimal').errno, 0);
    assert.equal(system.taints, 'OE');
    assert.deepEqual(texts(insmod('minimal')), []);
    const proprietary = texts(insmod('proprietary'));
    assert.deepEqual(proprietary, [
      "proprietary: module license 'Proprietary' taints kernel.",
      'Disabling lock debugging due to kernel taint',
      ...(late ? ['proprietary: module license taints kernel.'] : []),
    ]);
    assert.equal(system.taints, 'POE');
    rmmod('proprietary');
    assert.deepEqual(texts(insmod('proprietary')), []);
    // The staging line is not once-only.
    for (let i = 0; i < 2; i++) {
      assert.match(texts(insmod('staging')).join(), /^staging: module is from the staging directory/);
      assert.equal(rmmod('staging').errno, 0);
    }
  });

  test(`${generation}: machines do not know of each other`, () => {
    boot(generation).insmod('proprietary');
    const { system, names } = boot(generation);
    assert.deepEqual([system.taints, names()], ['', []]);
  });

  test(`${generation}: a name is taken once`, () => {
    const { insmod, names } = boot(generation);
    insmod('minimal');
    const again = insmod('minimal');
    assert.deepEqual([again.verdict, again.errno, again.errnoName, texts(again)], ['refused', 17, 'EEXIST', []]);
    assert.equal(again.insmod, 'insmod: ERROR: could not insert module minimal.ko: File exists');
    assert.deepEqual(names(), ['minimal']);
    assert.equal(again.stages.at(-1)?.name, late ? 'module_patient_check_exists' : 'add_unformed_module');
  });

  test(`${generation}: a refused duplicate taints ${late ? 'no more' : 'all the same'}`, () => {
    const { insmod } = boot(generation);
    insmod('staging');
    assert.equal(texts(insmod('staging')).length, late ? 0 : 1);
  });

  test(`${generation}: uses, holders and who may go`, () => {
    const { insmod, rmmod, state, names } = boot(generation);
    for (const name of ['exporter', 'chain', 'chainuser', 'user']) assert.equal(insmod(name).errno, 0, name);
    assert.deepEqual(names(), ['user', 'chainuser', 'chain', 'exporter']);
    assert.deepEqual([state('exporter')?.refcount, state('chain')?.refcount, state('user')?.refcount], [3, 1, 0]);
    // Newest first, as the deps column of /proc/modules.
    assert.deepEqual(state('exporter')?.holders, ['user', 'chainuser', 'chain']);
    assert.deepEqual(state('chain')?.holders, ['chainuser']);
    assert.equal(rmmod('exporter').errno, 11);
    assert.equal(rmmod('exporter', 0xa00).errno, 11, 'force does not help against users');
    assert.equal(rmmod('chain').errno, 11);
    for (const name of ['chainuser', 'chain', 'user', 'exporter']) assert.equal(rmmod(name).errno, 0, name);
    assert.deepEqual(names(), []);
  });

  test(`${generation}: a refused load gives back its name and its uses`, () => {
    const { insmod, rmmod, state } = boot(generation);
    insmod('exporter');
    const refused = insmod('chain', '', { initResult: -5 });
    assert.deepEqual(refused.depends, ['exporter']);
    assert.deepEqual([state('exporter')?.refcount, state('exporter')?.holders, state('chain')], [0, [], undefined]);
    assert.equal(insmod('chain').errno, 0);
    assert.equal(rmmod('chain').errno, 0);
    assert.equal(insmod('paramkinds', 'p_int=x').errno, 22);
    assert.equal(insmod('paramkinds', 'p_int=1').errno, 0);
    assert.equal(rmmod('exporter').errno, 0);
    assert.equal(insmod('chain').errno, 2, 'what exported is gone');
  });

  test(`${generation}: exports of a module that failed cannot be used`, () => {
    const { insmod } = boot(generation);
    assert.equal(insmod('exporter', '', { initResult: -12 }).errno, 12);
    assert.equal(insmod('user').errno, 2);
  });

  test(`${generation}: what init returns`, () => {
    const { insmod, names, rmmod } = boot(generation);
    const failed = insmod('initret', '', { initResult: -19 });
    assert.deepEqual([failed.verdict, failed.errno, failed.errnoName], ['loads', 19, 'ENODEV']);
    assert.equal(failed.insmod, 'insmod: ERROR: could not insert module initret.ko: No such device');
    assert.deepEqual(names(), []);
    const exists = insmod('initret', '', { initResult: -17 });
    assert.equal(exists.errno, generation === '7.2' ? 16 : 17);
    const positive = insmod('initret', '', { initResult: 7 });
    assert.deepEqual([positive.errno, names()], [0, ['initret']]);
    assert.match(texts(positive).join('\n'), /init suspiciously returned 7, it should follow 0\/-E convention/);
    rmmod('initret');
    assert.equal(insmod('noinit', '', { initResult: -19 }).errno, 0, 'there is no init to return anything');
  });

  test(`${generation}: delete_module asks in the order of the kernel`, () => {
    const { insmod, rmmod, system } = boot(generation);
    assert.deepEqual(rmmod('minimal'), { errno: 2, errnoName: 'ENOENT', log: [] });
    assert.equal(rmmod('').errno, 2);
    assert.equal(rmmod('m'.repeat(55)).errno, 2);
    assert.equal(rmmod('m'.repeat(4096)).errno, 2);
    insmod('noexit');
    assert.deepEqual([rmmod('noexit').errnoName, rmmod('noexit', 0).errnoName], ['EBUSY', 'EBUSY']);
    const forced = rmmod('noexit', 0xa00);
    assert.deepEqual([forced.errno, texts(forced)], [0, ['Disabling lock debugging due to kernel taint']]);
    assert.ok(system.taints.includes('R'));
    insmod('noinit');
    assert.equal(rmmod('noinit').errno, 0, 'neither init nor exit: removable');
  });

  test(`${generation}: parameters of a loaded module can be read later`, () => {
    const { insmod, state } = boot(generation);
    insmod('initret', 'ret=-3');
    assert.equal(state('initret')?.params.find(param => param.name === 'ret')?.value, '-3');
    assert.deepEqual([state('initret')?.state, state('initret')?.taints], ['Live', 'OE']);
  });

  test(`${generation}: nothing may be loaded or removed with nomodule`, () => {
    const { insmod, rmmod } = boot(generation, 'nomodule');
    assert.deepEqual([insmod('minimal').errnoName, rmmod('minimal').errnoName], ['EPERM', 'EPERM']);
  });
}

test('without CONFIG_MODULE_UNLOAD there is no delete_module; without FORCE_UNLOAD no force', () => {
  const base = factsOf('6.12');
  const without = (option: string) =>
    new System({
      ...base,
      config: Object.fromEntries(Object.entries(base.config).filter(([name]) => name !== option)),
    });
  assert.equal(without('MODULE_UNLOAD').rmmod('minimal').errnoName, 'ENOSYS');
  const system = without('MODULE_FORCE_UNLOAD');
  system.insmod(moduleFile(fixture('6.12', 'noexit')));
  assert.equal(system.rmmod('noexit', { flags: 0xa00 }).errnoName, 'EBUSY');
});
