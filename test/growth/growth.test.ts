// Eight times as much input takes about eight times as many steps. Steps are counted, and no clock is read.
import assert from 'node:assert/strict';
import test from 'node:test';
import { exponentOf, fastestGrowing, stepsOf, totalOf } from '../support/steps';
import { collidingWords } from '../support/collisions';
import { addAll, GROWTH_CASES } from './cases';

const FACTOR = 8;

/** Sorting and searching by halves add a little to 1; a loop inside of another makes 2. */
const MOST = 1.2;

for (const { name, count, make } of GROWTH_CASES)
  test(`steps grow no faster than the number of ${name}`, async () => {
    const [one, many] = [make(count), make(count * FACTOR)];
    const small = await stepsOf(one);
    const large = await stepsOf(many);
    const exponent = exponentOf(totalOf(small), totalOf(large), FACTOR);
    assert.ok(exponent < MOST, [`exponent ${exponent.toFixed(2)}`, ...fastestGrowing(small, large, FACTOR)].join('\n'));
    assert.ok(totalOf(large) > count * FACTOR, 'the steps were counted');
  });

test('names that collide cost little more than others', async () => {
  const chosen = collidingWords(8192);
  // As long, and all different in a word.
  const others = chosen.map((name, i) => String(i).padStart(8, '0') + name.slice(8));
  const steps = totalOf(await stepsOf(() => addAll(others)));
  const colliding = totalOf(await stepsOf(() => addAll(chosen)));
  // A turn of the keyed hash counts as two steps, and takes as long as one.
  assert.ok(colliding < 2.5 * steps, `${colliding} steps, and ${steps} for others`);
});

test('a loop inside of another is found', async () => {
  const square = (count: number) => () => {
    let steps = 0;
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) steps += i ^ j;
    return steps;
  };
  const [small, large] = [await stepsOf(square(100)), await stepsOf(square(800))];
  assert.ok(exponentOf(totalOf(small), totalOf(large), FACTOR) > 1.9);
});
