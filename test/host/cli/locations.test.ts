// Places in the source in the command's JSON.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { insmodLens } from '../../support/command';
import { inBuildDirectory } from '../../support/located';
import { snapshotOf } from '../../support/recorded';

interface Printed {
  readonly findings: readonly {
    readonly symbol?: string;
    readonly locations: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  }[];
}

test('--format json names the lines of each finding', () =>
  inBuildDirectory('debug', async (directory, module) => {
    const { stdout, status } = await insmodLens('insmod', '--kernel', snapshotOf('6.1'), '--format', 'json', module);
    assert.equal(status, 1);
    const { findings } = JSON.parse(stdout) as Printed;
    const finding = findings.find(({ symbol }) => symbol === 'wrapped_symbol');
    assert.deepEqual(finding?.locations, [{ file: path.join(directory, 'located.h'), line: 23, column: 9 }]);
  }));
