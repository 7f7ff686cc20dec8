// Words and lines of megabytes: a regular expression that repeats a group takes stack for each char of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { tokenise } from '../../src/formats/c/tokens';
import { emptyConfig, parseConfigFile } from '../../src/kmod/config';
import { loadTreeSitter } from '../../src/host/places/treeSitter';

const MANY = 9_000_000;

const LONG: readonly (readonly [what: string, text: string])[] = [
  ['a string', `"${'a'.repeat(MANY)}"`],
  ['escapes in a string', `"${'\\n'.repeat(MANY / 2)}"`],
  ['an open character', `'${'a'.repeat(MANY)}`],
  ['a number', '1'.repeat(MANY)],
  ['a comment', `/*${'*'.repeat(MANY)}/`],
  ['a line of the preprocessor', `#define x ${'y'.repeat(MANY)}`],
  ['joined lines of the preprocessor', `#define x ${'\\\n'.repeat(MANY / 2)}`],
];

for (const [what, text] of LONG)
  test(`${what} of ${MANY} chars in a source file`, async () => {
    assert.ok(tokenise(`${text}\nint after;`).tokens.length > 0);
    const parse = await loadTreeSitter();
    assert.doesNotThrow(() => parse([], `${text}\nint after;`));
  });

test('a line of megabytes in modprobe.d, and what comes behind it', () => {
  for (const line of [
    `options m ${'a=b '.repeat(MANY / 4)}`,
    `alias m* ${'x'.repeat(MANY)}`,
    `install m ${'y\\\n'.repeat(MANY / 3)}`,
    `softdep m pre: ${'a '.repeat(MANY / 2)}`,
    `#${' '.repeat(MANY)}`,
    '\\'.repeat(MANY),
  ]) {
    const config = emptyConfig();
    parseConfigFile(config, `${line}\nblacklist last\n`, 'x.conf');
    assert.deepEqual(config.blacklist, ['last'], line.slice(0, 20));
  }
});

test('logical lines are numbered by their last line', () => {
  const config = emptyConfig();
  parseConfigFile(config, 'blacklist a\n\\\nbad \\\nline\nworse', 'x.conf');
  assert.deepEqual(
    config.problems.map(problem => /line (\d+)/.exec(problem)?.[1]),
    ['4', '5'],
  );
});
