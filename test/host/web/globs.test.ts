import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULTS } from '../../../src/host/editor/ids';
import { globPattern } from '../../../src/host/web/globs';

test('globs of the settings match as the editor matches them', () => {
  const cases: readonly (readonly [glob: string, matches: readonly string[], others: readonly string[]])[] = [
    ['**/*kernel.json', ['kernel.json', 'a/b/my.kernel.json'], ['kernel.json.br', 'kernelXjson']],
    ['kernels/*.json', ['kernels/a.json'], ['a.json', 'kernels/b/a.json']],
    ['a?.{gz,br}', ['ab.gz', 'ac.br'], ['a.gz', 'a/.gz', 'ab.xz']],
    ['kernels/**', ['kernels/a', 'kernels/b/a'], ['other/a']],
    ['a+(b).json', ['a+(b).json'], ['aab.json']],
    ['{open', ['{open'], ['open']],
  ];
  for (const [glob, matches, others] of cases) {
    for (const path of matches) assert.match(path, globPattern(glob), glob);
    for (const path of others) assert.doesNotMatch(path, globPattern(glob), glob);
  }
});

test('the snapshots of the sample workspace are found by default', () => {
  const patterns = DEFAULTS.snapshots.map(globPattern);
  for (const path of ['kernels/debian-12.kernel.json.br', 'kernel.json', 'x/kernel.json.gz'])
    assert.ok(
      patterns.some(pattern => pattern.test(path)),
      path,
    );
});
