import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toBytes } from '../../src/formats/bytes/strings';
import { parseSymvers } from '../../src/target/symvers';

const parse = (...lines: string[]) => parseSymvers(toBytes(lines.map(line => line + '\n').join('')));

test('reads every order of columns modpost has used', () => {
  const table = parse(
    '0x00000001\tthree\tvmlinux',
    '0x00000002\tfour\tdrivers/net/mdio\tEXPORT_SYMBOL_GPL',
    '0x00000003\tns_last\tfs/ext4/ext4\tEXPORT_SYMBOL_GPL\tEXT4',
    '0x00000004\tns_last_empty\tvmlinux\tEXPORT_SYMBOL\t',
    '0x00000005\tns_third\tUSB_STORAGE\tdrivers/usb/storage\tEXPORT_SYMBOL',
    '0x00000006\tns_third_empty\t\tvmlinux\tEXPORT_SYMBOL_GPL',
    '0x00000007\told\tvmlinux\tEXPORT_UNUSED_SYMBOL_GPL\t',
    '0x00000008\tfuture\tvmlinux\tEXPORT_SYMBOL_GPL_FUTURE\t',
  );
  const rows = Array.from({ length: table.size }, (_, i) => table.row(i));
  const brief = rows.map(r => [r.name, r.crc, r.owner, r.type, r.gplOnly, r.namespace]);
  assert.deepEqual(brief, [
    ['three', 1, 'vmlinux', '', false, null],
    ['four', 2, 'drivers/net/mdio', 'EXPORT_SYMBOL_GPL', true, null],
    ['ns_last', 3, 'fs/ext4/ext4', 'EXPORT_SYMBOL_GPL', true, 'EXT4'],
    ['ns_last_empty', 4, 'vmlinux', 'EXPORT_SYMBOL', false, null],
    ['ns_third', 5, 'drivers/usb/storage', 'EXPORT_SYMBOL', false, 'USB_STORAGE'],
    ['ns_third_empty', 6, 'vmlinux', 'EXPORT_SYMBOL_GPL', true, null],
    ['old', 7, 'vmlinux', 'EXPORT_UNUSED_SYMBOL_GPL', true, null],
    ['future', 8, 'vmlinux', 'EXPORT_SYMBOL_GPL_FUTURE', false, null],
  ]);
  assert.equal(table.skippedLines, 0);
});

test('CRCs are unsigned, any case, with or without 0x', () => {
  const table = parse('0xFFFFFFFF\ta\tvmlinux\tEXPORT_SYMBOL\t', 'deadBEEF\tb\tvmlinux\tEXPORT_SYMBOL\t');
  assert.equal(table.crc(table.findName('a')), 0xffffffff);
  assert.equal(table.crc(table.findName('b')), 0xdeadbeef);
});

test('lines that say nothing are skipped and counted, the rest is kept', () => {
  const table = parse(
    'hello',
    '0x1234',
    '0x1\tonly_name',
    '0x123456789\ttoo_long_crc\tvmlinux\tEXPORT_SYMBOL\t',
    '0xzz\tno_crc\tvmlinux\tEXPORT_SYMBOL\t',
    '0x1\t\tvmlinux\tEXPORT_SYMBOL\t',
    '',
    '0x2\tgood\tvmlinux\tEXPORT_SYMBOL\tNS\tmore\tcolumns',
  );
  assert.equal(table.skippedLines, 6);
  assert.equal(table.size, 1);
  assert.deepEqual(table.row(0), {
    name: 'good',
    crc: 2,
    owner: 'vmlinux',
    gplOnly: false,
    namespace: 'NS',
    type: 'EXPORT_SYMBOL',
  });
});

test('a last line without newline counts', () => {
  for (const line of ['0x1\ta\tvmlinux', '0x1\ta\tvmlinux\tEXPORT_SYMBOL', '0x1\ta\tvmlinux\tEXPORT_SYMBOL\tNS']) {
    const table = parseSymvers(toBytes(line));
    assert.equal(table.size, 1, line);
    assert.equal(table.owner(0), 'vmlinux');
  }
});

test('several exporters of one name keep all their rows, in order', () => {
  const table = parse(
    '0x1\tsame\tvmlinux\tEXPORT_SYMBOL\t',
    '0x2\tother\tvmlinux\tEXPORT_SYMBOL\t',
    '0x3\tsame\ta/b\tEXPORT_SYMBOL\t',
    '0x4\tsame\tc/d\tEXPORT_SYMBOL_GPL\t',
  );
  const owners: string[] = [];
  for (let i = table.findName('same'); i >= 0; i = table.findNext(i)) owners.push(table.owner(i));
  assert.deepEqual(owners, ['vmlinux', 'a/b', 'c/d']);
  assert.equal(table.isVmlinux(0), true);
  assert.equal(table.isVmlinux(2), false);
  assert.equal(table.findNext(table.findName('other')), -1);
  assert.equal(table.findName('sam'), -1);
  assert.equal(table.findName(''), -1);
  assert.equal(table.findNext(-1), -1);
  assert.equal(table.findNext(99), -1);
});

test('look-ups by bytes read exactly the given range', () => {
  const table = parse('0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t');
  const bytes = toBytes('xxkmallocyy');
  assert.equal(table.find(bytes, 2, 7), 0);
  assert.equal(table.find(bytes, 2, 8), -1);
  assert.equal(table.find(bytes, 8, 100), -1);
});

test('thousands of names and owners stay apart', () => {
  const lines: string[] = [];
  for (let i = 0; i < 5000; i++)
    lines.push(`0x${i.toString(16)}\tsym_${i}\tdir/mod${i % 700}\tEXPORT_SYMBOL\tN${i % 90}`);
  const table = parse(...lines);
  assert.equal(table.size, 5000);
  for (let i = 0; i < 5000; i++) {
    const at = table.findName(`sym_${i}`);
    assert.equal(at, i);
    assert.equal(table.crc(at), i);
    assert.equal(table.owner(at), `dir/mod${i % 700}`);
    assert.equal(table.namespace(at), `N${i % 90}`);
  }
});

test('no bytes make it throw, and every row can be found again', () => {
  const piece = fc.constantFrom(
    '\t',
    '\n',
    '0x',
    '1',
    'f',
    'a',
    'EXPORT_',
    'EXPORT_SYMBOL_GPL',
    'vmlinux',
    '\0',
    '\xff',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.array(piece, { maxLength: 60 }).map(p => toBytes(p.join(''))),
      ),
      bytes => {
        const table = parseSymvers(bytes);
        for (let i = 0; i < table.size; i++) {
          const row = table.row(i);
          let at = table.findName(row.name);
          while (at >= 0 && at !== i) at = table.findNext(at);
          assert.equal(at, i);
        }
      },
    ),
    { numRuns: 500 },
  );
});
