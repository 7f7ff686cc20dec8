// The grammar and bracket matching agree on the shapes of kernel code, and each helps where the other stumbles.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { CSource } from '../../../src/formats/c/source';
import { definitionsOf } from '../../../src/formats/c/structure';
import { loadTreeSitter } from '../../../src/host/places/treeSitter';
import { repositoryRoot } from '../../kernel/lib/paths';

const spans = (source: CSource): string[] =>
  source.definitions
    .filter(({ kind }) => kind !== 'invocation')
    .map(({ kind, name, end }) => `${kind} ${name.text} ${name.line} up to ${end}`);

test('the grammar is where the bundles are', () => {
  assert.ok(existsSync(path.join(repositoryRoot(), 'dist', 'wasm', 'tree-sitter-c.wasm')));
});

test('every fixture has the same definitions both ways', async () => {
  const parse = await loadTreeSitter();
  assert.notEqual(parse, definitionsOf);
  for (const folder of ['test/locate/fixtures', 'test/kernel/fixtures']) {
    const directory = path.join(repositoryRoot(), folder);
    for (const file of readdirSync(directory).filter(name => /\.[ch]$/.test(name))) {
      // Its names are pasted together by the preprocessor: neither way can know them.
      if (file === 'longnames.c') continue;
      const text = readFileSync(path.join(directory, file), 'utf8');
      assert.deepEqual(spans(new CSource(text, parse)), spans(new CSource(text)), file);
    }
  }
});

test('the grammar knows which #if opened a brace', async () => {
  const parse = await loadTreeSitter();
  const source = new CSource(
    '#if A\nstatic int x = 1;\n#else\nstatic int x = 2;\n#endif\nint *y[3], (*z)(int) = x;\n',
    parse,
  );
  assert.deepEqual(
    source.definitions.map(({ name }) => `${name.text} ${name.line}`),
    ['x 2', 'x 4', 'y 6', 'z 6'],
  );
});
