// Arguments of insmod and the kernel command line: any text.
import assert from 'node:assert/strict';
import { byteString } from '../../../src/formats/bytes/strings';
import { System } from '../../../src/index';
import { factsOf, fixture, GENERATIONS, moduleFile } from '../../support/recorded';
import type { FuzzTarget } from '../lib/types';

const text = (arguments_: string): Uint8Array => new Uint8Array(Buffer.from(arguments_, 'latin1'));

export const parameters: FuzzTarget = {
  name: 'parameters',
  longest: 8 << 10,
  seeds: () =>
    ['p_int=1 p_bool p_charp="a b"', 'p_array=1,2,3 dyndbg="file x.c +p"', 'p_string=abc -- x', 'p_byte=256 a.b=c'].map(
      text,
    ),
  words: fixture('6.1', 'paramkinds')
    .modinfo.filter(({ tag }) => tag === 'parmtype')
    .map(({ value }) => `${value.split(':')[0] ?? ''}=`)
    .concat(['dyndbg=', 'module_blacklist=', 'lockdown=', 'module.sig_enforce=', 'paramkinds.', '"', ' -- ', '0x']),
  run(bytes) {
    const given = byteString(bytes, 0, bytes.length);
    for (const generation of GENERATIONS) {
      const system = new System(factsOf(generation), { cmdline: given });
      const { errno, log } = system.insmod(moduleFile(fixture(generation, 'paramkinds')), given);
      assert.ok(errno >= 0);
      for (const line of log) assert.doesNotMatch(line.text, /[^\n -~]/, 'log lines are as /dev/kmsg shows them');
    }
  },
};
