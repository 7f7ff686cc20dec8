import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareLayout } from './compare';
import { normaliseLog } from '../../../src/report/boot/normaliseLog';

const core = {
  name: 'core',
  sections: [
    { name: '.text', offset: 0, size: 16 },
    { name: '.data', offset: 0x1000, size: 8 },
    { name: '.bss', offset: 0x1008, size: 0 },
    { name: '<core symtab>', offset: 0x1008, size: 48 },
  ],
};

void test('a layout agrees when every section leads to the same beginning of its region', () => {
  assert.equal(compareLayout({ '.text': '0xffffffffc0000000', '.data': '0xffffffffc0001000' }, [core]).agrees, true);
});

void test('a layout disagrees on distance, on what is listed, and on what is not', () => {
  const distance = compareLayout({ '.text': '0xffffffffc0000000', '.data': '0xffffffffc0001010' }, [core]);
  const missing = compareLayout({ '.text': '0xffffffffc0000000' }, [core]);
  const more = compareLayout(
    { '.text': '0xffffffffc0000000', '.data': '0xffffffffc0001000', x: '0xffffffffc0002000' },
    [core],
  );
  assert.match(distance.got, /core would begin at/);
  assert.match(missing.got, /\.data is not in the kernel's list/);
  assert.match(more.got, /x is missing/);
});

void test('logs lose addresses, stack dumps and what the loader did not say; messages of two lines are two lines', () => {
  const log = normaliseLog([
    [3, 'module: overflow in relocation type 10 val ffffffffc0401000'],
    [4, "x: 'x'->init suspiciously returned 1, it should follow 0/-E convention\nx: loading module anyway...\n"],
    [4, 'CPU: 0 PID: 1 Comm: insmod Not tainted'],
    [4, 'Call Trace:'],
    [4, ' </TASK>'],
    [4, 'after'],
    [6, 'a line of the module itself'],
    [4, 'lockdown_is_locked_down: 3 callbacks suppressed'],
  ]);
  assert.deepEqual(log, [
    '<3> module: overflow in relocation type 10 val <address>',
    "<4> x: 'x'->init suspiciously returned 1, it should follow 0/-E convention",
    '<4> x: loading module anyway...',
    '<4> after',
  ]);
});
