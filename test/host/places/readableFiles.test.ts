// Names that strangers wrote lead nowhere but to where a person works: debug information, .cmd files, links.
import assert from 'node:assert/strict';
import { openObject } from '../../../src/formats/ko/objectFile';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { openLocator } from '../../../src/host/places/locate';
import { ReadableFiles, setOpenedDirectories } from '../../../src/host/places/readableFiles';
import { dependenciesOf, SourcePaths, sourcesOfBuild } from '../../../src/host/places/sourceFiles';
import { locatedBytes } from '../../support/located';

/** A secret beside the directory of a module; `use` gets both. */
async function beside(use: (moduleDirectory: string, secret: string) => void | Promise<void>): Promise<void> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'beside-'));
  try {
    const directory = path.join(top, 'module');
    mkdirSync(directory);
    mkdirSync(path.join(top, 'private'));
    const secret = path.join(top, 'private', 'secret.c');
    writeFileSync(secret, 'static int secret(void)\n{\n\treturn 1;\n}\n');
    writeFileSync(path.join(top, 'private', 'secret.h'), '#define SECRET 1\n');
    await use(directory, secret);
  } finally {
    setOpenedDirectories([]);
    rmSync(top, { recursive: true });
  }
}

test('debug information', () =>
  beside(async (directory, secret) => {
    const names = (files: ReadableFiles): (string | null)[] => {
      const paths = new SourcePaths(directory, files);
      return [
        paths.resolve({ path: secret, compDir: '' }),
        paths.resolve({ path: 'secret.c', compDir: path.dirname(secret) }),
        paths.resolve({ path: '../private/secret.c', compDir: directory }),
        paths.resolve({ path: '../private/secret.c', compDir: '' }),
        // Looked for in every directory above that of the module.
        paths.resolve({ path: 'private/secret.c', compDir: '' }),
        paths.resolve({ path: `${secret}\0.c`, compDir: '' }),
      ];
    };
    assert.deepEqual(names(new ReadableFiles(directory)), Array(6).fill(null));
    setOpenedDirectories([path.dirname(directory)]);
    assert.deepEqual(names(new ReadableFiles(directory)), [...Array<string>(5).fill(secret), null]);
  }));

test('files of a build', () =>
  beside(async (directory, secret) => {
    const own = path.join(directory, 'm.c');
    writeFileSync(own, '#include "../private/secret.h"\nint x;\n');
    writeFileSync(path.join(directory, 'm.mod'), 'm.o ../private/secret.o\n');
    writeFileSync(
      path.join(directory, '.m.o.cmd'),
      `source_m.o := ${secret}\ndeps_m.o := \\\n  ${path.dirname(secret)}/secret.h \\\n  ../private/secret.h \\\n\n`,
    );
    const files = new ReadableFiles(directory);
    const module = path.join(directory, 'm.ko');
    assert.deepEqual(sourcesOfBuild(module, 'm', files), [own]);
    assert.deepEqual(dependenciesOf(own, files), []);
    writeFileSync(path.join(directory, '.m.o.cmd'), 'source_m.o := m.c\n');
    const locator = await openLocator(module, openObject(locatedBytes('stripped')), 'm');
    assert.deepEqual(locator.sources, [own]);
    assert.deepEqual(locator.located?.library.headers(), []);
    assert.equal(locator.located?.library.get(secret), null);
  }));

test('links', () =>
  beside(async (directory, secret) => {
    symlinkSync(secret, path.join(directory, 'm.c'));
    symlinkSync(path.dirname(secret), path.join(directory, 'src'));
    writeFileSync(path.join(directory, 'real.c'), 'int x;\n');
    symlinkSync('real.c', path.join(directory, 'other.c'));
    const files = new ReadableFiles(directory);
    assert.equal(files.readText(path.join(directory, 'm.c')), null);
    assert.equal(files.readText(path.join(directory, 'src', 'secret.c')), null);
    assert.equal(files.readText(path.join(directory, 'other.c')), 'int x;\n');
    assert.equal(files.readText(`${directory}-not/real.c`), null);
  }));
