// Frames of crashes, from what consoles of real kernels showed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { crashFrames } from '../../../src/report/boot/crashFrames';

const named = (lines: readonly string[]): string[] =>
  crashFrames(lines).map(({ function: name, offset, module }) => `${name}+0x${offset.toString(16)} ${module ?? ''}`);

test('x86_64: where it crashed, then the trace without its doubtful lines, up to the end of the first crash', () => {
  const console = [
    '[    4.1] invalid opcode: 0000 [#1] PREEMPT SMP PTI',
    '[    4.1] CPU: 0 PID: 1 Comm: init Tainted: G           OE      6.1.0-50-amd64 #1  Debian 6.1.176-1',
    '[    4.1] RIP: 0010:init_module+0x5/0x1000 [minimal]',
    '[    4.1] Code: Unable to access opcode bytes at 0xffffffffc0005fdb.',
    '[    4.1] Call Trace:',
    '[    4.1]  <TASK>',
    '[    4.1]  ? __die_body.cold+0x1a/0x1f',
    '[    4.1]  ? init_module+0x5/0x1000 [minimal]',
    '[    4.1]  do_one_initcall+0x56/0x220',
    '[    4.1]  helper.part.0+0x1c/0x20 [other 0123456789abcdef]',
    '[    4.1]  </TASK>',
    '[    4.1] ---[ end trace 0000000000000000 ]---',
    '[    4.1] RIP: 0010:init_module+0x5/0x1000 [minimal]',
  ];
  assert.deepEqual(named(console), ['init_module+0x5 minimal', 'do_one_initcall+0x56 ', 'helper.part.0+0x1c other']);
});

test('arm64: the instruction stands again at the top of the trace, and counts once', () => {
  const console = [
    '[    2.5] Internal error: Oops - Undefined instruction: 0000000002000000 [#1] SMP',
    '[    2.5] pc : my_init+0x8/0x1000 [minimal]',
    '[    2.5] lr : do_one_initcall+0x50/0x2c0',
    '[    2.5] Call trace:',
    '[    2.5]  my_init+0x8/0x1000 [minimal]',
    '[    2.5]  do_one_initcall+0x50/0x2c0',
  ];
  assert.deepEqual(named(console), ['my_init+0x8 minimal', 'do_one_initcall+0x50 ']);
});

test('a console without a crash has no frames', () => {
  assert.deepEqual(named(['[    1.0] minimal: loading out-of-tree module taints kernel.', '']), []);
});

test('numbers without end, as in a dump of instructions, are passed over', () => {
  const words = Array.from({ length: 64 }, (_, i) => (0x7c08_02a6 + i).toString(16));
  const dump = [
    `${'e8410018'.repeat(4000)}`,
    words.join(' '),
    words.join(''),
    `[${words.join('] [')}]`,
    '#1 '.repeat(4000),
  ];
  assert.deepEqual(named(['Instruction dump: ', ...dump, '[c0000000] [c0000001] load_module+0x10/0x20 (unreliable)']), [
    'load_module+0x10 ',
  ]);
});
