// What modinfo prints of a file, and of what is built in.
import assert from 'node:assert/strict';
import { byteString } from '../../../src/formats/bytes/strings';
import { formatBuiltinModinfo, formatModinfo, readModinfoFields, readSignatureFields } from '../../../src/kmod/modinfo';
import { makeElf } from '../../support/elf';
import { fixture } from '../../support/recorded';
import { mutateElf } from '../lib/mutateElf';
import type { FuzzTarget, Input } from '../lib/types';

function describe(file: Input): void {
  for (const field of [null, 'parm', 'license'])
    for (const nul of [false, true]) {
      const { text, errors, failed } = formatModinfo(file, { filename: 'fuzzed.ko', name: 'fuzzed', field, nul });
      assert.ok(!failed || errors.length > 0, 'a failure is explained');
      assert.ok(text.length <= 3 * file.length + 200, 'nothing is said twice');
    }
  readModinfoFields(file);
  readSignatureFields(file);
}

export const modinfo: FuzzTarget = {
  name: 'modinfo',
  longest: 64 << 10,
  seeds: () => ['paramkinds', 'exporter', 'special'].map(name => fixture('6.1', name).bytes),
  words: ['parm=', 'parmtype=', 'license=', 'alias=', 'vermagic=', 'name=', ':', '=', '\0'],
  run(bytes) {
    describe(bytes);
    // The same bytes as the contents of the section.
    describe(makeElf([{ name: '.modinfo', flags: 2, data: bytes }]));
    const text = byteString(bytes, 0, bytes.length);
    for (const field of [null, 'parm']) formatBuiltinModinfo(text, { name: 'fuzzed', field, nul: false });
  },
  mutate: mutateElf,
};
