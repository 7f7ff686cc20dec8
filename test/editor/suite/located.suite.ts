// Every use of a symbol the kernel does not have is marked where the comments in the C source say, to the column.
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { expectations } from '../../support/located';
import { codeOf, inWorkspace, reportOf } from './support';

const SYMBOLS = ['absent_symbol', 'versioned_call', 'data_target', 'wrapped_symbol'];

for (const variant of ['debug', 'stripped'])
  suite(`places in the source, ${variant}`, () => {
    const folder = inWorkspace(variant);

    suiteSetup(() => reportOf(path.join(folder, 'located.ko'), report => report.results.length > 0));

    for (const symbol of SYMBOLS)
      test(`every use of ${symbol}`, () => {
        const marked = vscode.languages
          .getDiagnostics()
          .filter(([uri]) => path.dirname(uri.fsPath) === folder)
          .flatMap(([uri, all]) =>
            all
              .filter(d => codeOf(d) === 'symbol-not-in-target' && d.message.includes(`Unknown symbol ${symbol} `))
              .map(diagnostic => ({ uri, diagnostic })),
          );
        assert.equal(marked.length, 1, 'one diagnostic for all uses');
        const places = marked.flatMap(({ uri, diagnostic }) => [
          place(uri, diagnostic.range.start),
          ...(diagnostic.relatedInformation ?? [])
            .filter(({ message }) => message.includes('also used here'))
            .map(({ location }) => place(location.uri, location.range.start)),
        ]);
        const wanted = expectations().filter(({ kind, name }) => kind === 'use' && name === symbol);
        assert.deepEqual(places.sort(), wanted.map(expected => expected.place).sort());
      });
  });

function place(uri: vscode.Uri, { line, character }: vscode.Position): string {
  return `${path.basename(uri.fsPath)}:${line + 1}:${character + 1}`;
}
