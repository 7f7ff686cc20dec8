// Arguments before and after 3.11: an unknown parameter used to refuse the module.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../../../src/index';
import { withoutPlt32 } from '../../../support/oldCalls';
import { factsOf } from '../../../support/recorded';

/** A kernel of that release which otherwise takes the modules of 5.10; it has no parameters to read in the old form. */
function load(release: string, args: string) {
  const system = new System({ ...factsOf('5.10'), release });
  const result = system.insmod(withoutPlt32('5.10', 'minimal'), args, { syscall: 'init_module' });
  const texts = result.log.filter(line => line.text.includes('aram')).map(line => `${line.level} ${line.text}`);
  return { errno: result.errnoName, texts, insmod: result.insmod, loaded: system.modules.length };
}

for (const release of ['2.6.39-4-amd64', '3.2.0-4-amd64', '3.10.0-1160.el7.x86_64']) {
  test(`${release}: unknown parameters refuse`, () => {
    assert.deepEqual(load(release, 'bogus=1'), {
      errno: 'ENOENT',
      texts: ["3 minimal: Unknown parameter `bogus'"],
      insmod: 'insmod: ERROR: could not insert module minimal.ko: Unknown symbol in module',
      loaded: 0,
    });
    assert.deepEqual(load(release, 'one two').texts, ["3 minimal: Unknown parameter `one'"], 'the first error ends it');
    assert.equal(load(release, '--').errno, 'ENOENT', 'dashes are a parameter like any other');
    assert.equal(load(release, '  ').errno, null);
  });
}

test('3.11 and later: unknown parameters are mentioned', () => {
  for (const release of ['3.11.0', '3.16.0-4-amd64', '4.19.0-27-amd64', '6.1.0-50-amd64']) {
    const { errno, texts, loaded } = load(release, 'one two=2');
    assert.deepEqual([errno, loaded], [null, 1]);
    assert.deepEqual(
      texts,
      ['one', 'two'].map(name => `4 minimal: unknown parameter '${name}' ignored`),
    );
  }
});

test('3.15 and later: two dashes end the arguments', () => {
  assert.deepEqual(load('3.15.0', '-- one=1').texts, ["4 minimal: parameters 'one=1' after `--' ignored"]);
  assert.deepEqual(load('6.1.0', 'a --').texts, [
    "4 minimal: unknown parameter 'a' ignored",
    "4 minimal: parameters '' after `--' ignored",
  ]);
});
