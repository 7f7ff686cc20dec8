// Frames of the init between lines of the kernel, as they come through a terminal.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Frames } from '../../../../src/host/node/boot/frames';

const MARK = '\x02abcd';

function word(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

/** What a terminal makes of it: ONLCR. */
function sent(...parts: (string | Buffer)[]): Buffer {
  const plain = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  return Buffer.from(plain.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

/** Everything that is heard when the stream comes in pieces of that many bytes. */
function heard(stream: Buffer, piece: number): string[] {
  const said: string[] = [];
  const frames = new Frames(
    MARK,
    { bits: 64, littleEndian: true },
    {
      begin: step => said.push(`begin ${step}`),
      result: (step, value) => said.push(`result ${step} ${value}`),
      data: (key, text, value) => said.push(`data ${key} ${JSON.stringify(text)} ${value}`),
      end: () => said.push('end'),
      line: text => said.push(`line ${text}`),
    },
  );
  for (let at = 0; at < stream.length; at += piece) frames.push(stream.subarray(at, at + piece));
  frames.finish();
  return said;
}

test('frames and lines, in pieces of any size', () => {
  const stream = sent(
    'early\n',
    ...[`${MARK}B0\n`, word(0), '[ 1.0] half a line\n[ 1.1] cut'],
    ...[`${MARK}R0\n`, word(-10), `${MARK}Dlog\n`, word(6), 'a\nb\r\n\n'],
    ...[`${MARK}Dlog\n`, word(-11), `${MARK}Z\n`, word(0), 'last words'],
  );
  const expected = [
    'line early',
    'begin 0',
    'line [ 1.0] half a line',
    'line [ 1.1] cut',
    'result 0 -10',
    `data log ${JSON.stringify('a\nb\r\n\n')} 6`,
    'data log "" -11',
    'end',
    'line last words',
  ];
  for (const piece of [1, 2, 3, 7, 64, stream.length]) assert.deepEqual(heard(stream, piece), expected, `${piece}`);
});

test('a word of a result may look like the end of a line', () => {
  assert.deepEqual(heard(sent(`${MARK}Dlog\n`, word(10), '0123456789'), 1), ['data log "0123456789" 10']);
});

test('a frame that never comes to its end is no line', () => {
  assert.deepEqual(heard(sent('x\n', `${MARK}Dlog\n`, word(100), 'short'), 5), ['line x']);
});
