// What a kernel would refuse next, behind what it refuses a module for as a whole.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openTarget, System } from '../../../../src/index';
import { fixture, snapshotOf } from '../../../support/recorded';

const file = (generation: '6.1' | '6.12', name: string): { path: string; bytes: Uint8Array } => ({
  path: `${name}.ko`,
  bytes: fixture(generation, name).bytes,
});

test('all symbols of a module for another kernel are compared, though struct module refuses it', async () => {
  const target = await openTarget(snapshotOf('6.12'));
  const system = new System(target);
  const module = file('6.1', 'exporter');
  const result = system.insmod(module);
  assert.deepEqual(
    result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ['this-module-size'],
  );
  assert.deepEqual(result.symbols, []);
  const next = system.next(module, result);
  const told = next?.findings.map(({ code, symbol }) => `${code} ${symbol ?? ''}`) ?? [];
  assert.ok(told.includes('symbol-version module_layout'), told.join('\n'));
  const imports = next?.symbols.map(({ name, status }) => [name, status]) ?? [];
  assert.ok(imports.length > 0 && imports.every(([, status]) => status !== undefined));
  // Some of its imports changed between the two kernels, and no other is told of.
  const changed = next?.symbols.filter(({ status }) => status === 'version').map(({ name }) => name) ?? [];
  const versions = told.filter(line => line.startsWith('symbol-version ') && !line.endsWith(' module_layout'));
  assert.deepEqual(versions.sort(), changed.map(name => `symbol-version ${name}`).sort());
  // Nothing was changed by looking.
  assert.deepEqual([system.modules, system.taints], [[], '']);
  assert.deepEqual(system.insmod(module).log, result.log);
});

test('a signature that is asked for and missing hides nothing of what follows', async () => {
  const system = new System(await openTarget(snapshotOf('6.1')), { cmdline: 'module.sig_enforce=1' });
  const module = file('6.1', 'unresolved');
  const result = system.insmod(module);
  assert.equal(result.errnoName, 'EKEYREJECTED');
  const codes = system.next(module, result)?.findings.map(({ code }) => code) ?? [];
  assert.ok(codes.includes('symbol-not-in-target'), codes.join(' '));
});

test('a module that loads, or that is refused for its symbols, has nothing behind that', async () => {
  const system = new System(await openTarget(snapshotOf('6.1')));
  for (const name of ['minimal', 'unresolved']) {
    const module = file('6.1', name);
    assert.equal(system.next(module, system.insmod(module)), null, name);
  }
});

test('modules that are loaded stay loaded while it is looked at, and are there for it', async () => {
  const system = new System(await openTarget(snapshotOf('6.1')), { cmdline: 'module_blacklist=user' });
  assert.equal(system.insmod(file('6.1', 'exporter')).verdict, 'loads');
  const module = file('6.1', 'user');
  const result = system.insmod(module);
  assert.equal(result.errnoName, 'EPERM');
  const next = system.next(module, result);
  assert.ok(next);
  assert.ok(next.symbols.some(({ owner }) => owner === 'exporter'));
  assert.deepEqual(next.findings, []);
  assert.deepEqual(
    system.modules.map(({ name, holders }) => [name, holders]),
    [['exporter', []]],
  );
});
