// What is said of a module that was built for another kernel or another machine names both; and what its arrays hold.
import assert from 'node:assert/strict';
import test from 'node:test';
import { System } from '../../src/index';
import type { Patch } from '../kernel/lib/recipe';
import { factsOf, fixture, moduleFile, releaseOf, type Generation } from '../support/recorded';

const ko = fixture('6.1', 'minimal');

function explained(generation: Generation, patches: readonly Patch[] = []): string {
  const { findings } = new System(factsOf(generation)).insmod(moduleFile(ko, patches));
  return findings.find(({ severity }) => severity === 'error')?.explanation ?? '';
}

test('the kernel it was built for, and the target', () => {
  for (const generation of ['6.12', '7.2'] as const)
    assert.ok(
      explained(generation).startsWith(
        `The module was built for ${releaseOf('6.1')}, and the target is ${releaseOf(generation)}. `,
      ),
      explained(generation),
    );
});

for (const [machine, name] of [
  [40, '64-bit ARM'],
  [22, '64-bit little-endian S/390'],
  [243, '64-bit RISC-V'],
] as const)
  test(`the machine it was built for: ${name}`, () => {
    assert.equal(
      explained('6.1', [ko.setEhdr('e_machine', machine)]),
      `This is a ${name} module for ${releaseOf('6.1')}, and the target is x86_64. Build the module for the target.`,
    );
  });

test('the order of bytes, where it is the rarer one', () => {
  const turned = ko.bytes.slice();
  // EI_DATA, then e_machine: MIPS, most significant byte first.
  turned[5] = 2;
  turned.set([0, 8], 18);
  const { findings } = new System(factsOf('6.1')).insmod({ path: 'minimal.ko', bytes: turned });
  assert.match(findings[0]?.explanation ?? '', /^This is a 64-bit big-endian MIPS module/);
});

test('an array that its counter hides is shown with what it holds', () => {
  const { params } = new System(factsOf('6.1')).insmod(moduleFile(fixture('6.1', 'paramkinds'), []));
  const shown = params.find(({ name }) => name === 'p_ints');
  assert.deepEqual([shown?.value, shown?.elements], ['', '7,8,0,0']);
});
