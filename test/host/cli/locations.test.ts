// Places in the source in the command's JSON.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { writeFileSync } from 'node:fs';
import { analyseModule } from '../../../src/host/node/analyse';
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

/** Where the command and an editor put the uses of a symbol. */
async function bothPlaces(module: string, wanted: string): Promise<string[][]> {
  const targets = [{ path: snapshotOf('6.1') }];
  const { stdout } = await insmodLens('insmod', '--kernel', snapshotOf('6.1'), '--format', 'json', module);
  const report = await analyseModule({ path: module, targets, args: '', cmdline: '', loaded: [] });
  return [(JSON.parse(stdout) as Printed).findings, report.results[0]?.result.findings ?? []].map(findings =>
    findings
      .filter(({ symbol }) => symbol === wanted)
      .flatMap(({ locations }) => locations)
      .map(({ file, line, column }) => `${path.basename(file)}:${line}:${column}`),
  );
}

test('the command and the editor read sources alike', () =>
  inBuildDirectory('stripped', async (directory, module) => {
    // A function that returns one, by hand: only a parser of C tells which of the names is its own.
    const second =
      'static noinline int (*by_helper(int x))(void)\n{\n\tabsent_symbol(x);\n}\nvoid second_setup(void *p)\n{\n\tby_helper(1)();\n}\n';
    writeFileSync(path.join(directory, 'second.c'), second);
    const [command, editor] = await bothPlaces(module, 'absent_symbol');
    assert.deepEqual(command, editor);
    assert.ok(command?.includes('second.c:3:2'), String(command));
  }));
