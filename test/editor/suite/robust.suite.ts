// Things that look like modules and are none: something useful is said, nothing breaks.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { inWorkspace, lensApi, reportOf } from './support';

suite('odd modules', () => {
  const at = (name: string): string => inWorkspace('odd', name);

  suiteSetup(() => mkdirSync(inWorkspace('odd')));
  suiteTeardown(() => rmSync(inWorkspace('odd'), { recursive: true, force: true }));

  test('an empty file is what the kernel says it is', async () => {
    writeFileSync(at('empty.ko'), '');
    const report = await reportOf(at('empty.ko'));
    assert.equal(report.results[0]?.result.errnoName, 'EINVAL');
  });

  test('200 MB of nothing', async () => {
    writeFileSync(at('large.ko'), '');
    truncateSync(at('large.ko'), 200 << 20);
    const report = await reportOf(
      at('large.ko'),
      r => r.failure !== null || r.results[0]?.result.errnoName === 'ENOEXEC',
    );
    assert.ok(report.failure !== null || report.results[0]?.result.verdict === 'refused');
  });

  test('a directory and a dangling link do no harm', async () => {
    mkdirSync(at('directory.ko'));
    symlinkSync(at('nowhere.ko'), at('dangling.ko'));
    writeFileSync(at('text.ko'), 'not a module, only some text that is long enough to be a header if it were one\n');
    const report = await reportOf(at('text.ko'));
    assert.equal(report.results[0]?.result.errnoName, 'ENOEXEC');
    const api = await lensApi();
    for (const name of ['directory.ko', 'dangling.ko']) {
      const known = api.reports().find(report => report?.path === at(name));
      assert.ok(!known || known.failure !== null, `${name} counts as a module`);
    }
  });
});
