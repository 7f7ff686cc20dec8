// Kernel logs are read as they were written: held against everything real kernels printed in the recordings.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { explainLog } from '../../src/explain/explainLog';
import { formsOf, samples } from '../../src/explain/forms';
import { messageOf } from '../../src/explain/logLine';
import { causesOf, readToolLine } from '../../src/explain/toolLine';
import { insmodLine } from '../../src/kmod/insmodLine';
import { recordedCases } from '../support/recordedCases';
import { GENERATIONS } from '../support/recorded';
import { repositoryRoot } from '../kernel/lib/paths';

for (const generation of GENERATIONS)
  void test(`what ${generation} printed is recognized, and every refusal is among the causes of its errno`, () => {
    let lines = 0;
    for (const { id, result, log } of recordedCases(generation)) {
      const explained = explainLog(log.map(([, text]) => text).join('\n'));
      const codes = new Set(explained.entries.flatMap(entry => entry.codes));
      const printed = log.map(([, text]) => text);
      for (const { code, message } of result.findings)
        // A message that breaks its line, as parameters may, is not one when it is pasted.
        if (printed.includes(message) && !/\n|\\x0a/.test(message)) {
          lines++;
          // A consequence is told together with its cause.
          if (code !== 'unknown-symbol')
            assert.ok(codes.has(code), `${id}: ${code} in ${[...codes].join(' ')} of ${JSON.stringify(printed)}`);
        }
      const reason = result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      if (result.verdict === 'refused' && reason.length > 0)
        assert.ok(
          reason.some(code => causesOf(result.errno).includes(code)),
          `${id}: ${reason.join(' ')} refuse with ${result.errno}`,
        );
    }
    assert.ok(lines > 1000);
  });

test('every form of every finding is recognized as that finding', () => {
  for (const sample of samples())
    for (const form of formsOf(sample)) {
      const text = form.shown.replaceAll(/\b[NK]\b/g, '7');
      const found = explainLog(text).entries.flatMap(({ codes }) => codes);
      assert.ok(found.includes(form.code), `${text}: ${found.join(' ')}`);
    }
});

test('causes are codes with a page', () => {
  for (const code of Array.from({ length: 133 }, (_, errno) => causesOf(errno)).flat())
    assert.ok(readFileSync(path.join(repositoryRoot(), 'doc', 'findings', `${code}.md`), 'utf8').length > 0);
});

test('what stands before a message is left out', () => {
  const message = 'foo: Unknown symbol bar (err -2)';
  for (const prefix of [
    '',
    '[   12.345678] ',
    '<4>[   12.345678] ',
    '[   12.345678] [  T123] ',
    'kern  :warn  : [   12.345678] ',
    'Nov 20 13:52:01 host kernel: ',
    'Nov 20 13:52:01 host kernel: [   12.345678] ',
    '2026-11-20T13:52:01.123456+01:00 host kernel: ',
    '4,1234,5678,-;',
    '[Fri Nov 20 13:52:01 2026] ',
    '> ',
  ])
    assert.equal(messageOf(prefix + message), message, prefix);
});

test('a consequence is told with its cause, taints last', () => {
  const { entries, unknownLines, unknown } = explainLog(
    [
      '[1.0] foo: loading out-of-tree module taints kernel.',
      '[1.1] foo: disagrees about version of symbol bar',
      '[1.1] foo: Unknown symbol bar (err -22)',
      '[1.2] usb 1-1: new high-speed device',
    ].join('\n'),
  );
  assert.deepEqual(
    entries.map(({ codes, lines }) => [codes, lines.length]),
    [
      [['symbol-version'], 2],
      [['taint-notice'], 1],
    ],
  );
  assert.equal(unknownLines, 1);
  assert.deepEqual(unknown, ['usb 1-1: new high-speed device']);
});

test('a line explains only what it tells itself', () => {
  const [entry] = explainLog("foo: version magic '6.1.0 SMP ' should be '6.12.0 SMP '").entries;
  assert.match(entry?.explanation ?? '', /6\.1\.0 instead of 6\.12\.0/);
  const seeds = explainLog("foo: version magic '6.1.0 RANDSTRUCT_ab' should be '6.1.0 RANDSTRUCT_cd'").entries[0];
  assert.match(seeds?.explanation ?? '', /different seeds/);
  // Which checksums differ is not in the line, and which of three causes neither.
  assert.equal(explainLog('foo: disagrees about version of symbol bar').entries[0]?.explanation, null);
  const unknown = explainLog('foo: Unknown symbol bar (err -2)').entries[0];
  assert.deepEqual(unknown?.codes, ['symbol-not-in-target', 'symbol-provider-not-loaded', 'gpl-only']);
  assert.equal(unknown?.explanation, null);
});

test('lines of tools tell an errno', () => {
  for (const errno of [1, 2, 3, 8, 12, 16, 17, 19, 22, 74, 126, 129])
    assert.equal(readToolLine(insmodLine('foo.ko', errno))?.errno, errno);
  const busybox = "insmod: can't insert 'foo.ko': unknown symbol in module, or unknown parameter";
  assert.equal(readToolLine(busybox)?.errno, 2);
  assert.equal(explainLog(busybox).tools[0]?.causes[0], 'symbol-provider-not-loaded');
  assert.equal(readToolLine("modprobe: ERROR: could not insert 'foo': Exec format error")?.errno, 8);
  assert.equal(readToolLine('make: *** [all] Error 2'), null);
});

test('anything may be pasted', () => {
  for (const text of ['', '\0', '['.repeat(5000), "'".repeat(3000), `foo: version magic '${'x'.repeat(100_000)}`])
    assert.ok(explainLog(text).entries.length <= 1);
});
