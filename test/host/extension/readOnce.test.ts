// The worker reads the headers of a module once for everything it shows of it.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import test from 'node:test';
import { openObject } from '../../../src/formats/ko/objectFile';
import { analyseForEditor } from '../../../src/host/extension/worker/analyseForEditor';
import { inBuildDirectory, locatedBytes } from '../../support/located';

test('names of sections are looked up in one table for hints, graph, sizes, debug information and symbols', () =>
  inBuildDirectory('debug', async (directory, module) => {
    const file = locatedBytes('debug');
    const { length } = file;
    const start = (openObject(file)?.sections.names.byteOffset ?? 0) - file.byteOffset;
    assert.equal(statSync(module).size, length);
    // Whoever reads section headers takes the bytes of their names out of the file.
    let taken = 0;
    const { subarray } = Buffer.prototype;
    Buffer.prototype.subarray = function (this: Buffer<ArrayBuffer>, from?: number, to?: number) {
      if (this.length === length && from === start) taken++;
      return subarray.call(this, from, to) as Buffer<ArrayBuffer>;
    };
    try {
      const answer = await analyseForEditor({
        path: module,
        // No kernel: the loader reads headers as the kernel does, for each.
        targets: [{ path: `${directory}/nowhere` }],
        args: '',
        cmdline: '',
        loaded: [],
        memory: directory,
        knownStamp: null,
      });
      assert.ok(answer.kind === 'report' && answer.report.hints.length > 0 && answer.report.symbols.length > 0);
    } finally {
      Buffer.prototype.subarray = subarray;
    }
    assert.equal(taken, 1);
  }));
