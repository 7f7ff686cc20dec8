import { noteText } from '../../src/findings/notes';
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toBytes } from '../../src/formats/bytes/strings';
import { parseSnapshot, snapshotText } from '../../src/target/snapshot';
import { parseSymvers } from '../../src/target/symvers';
import type { KernelFacts } from '../../src/target/types';

const SYMVERS = [
  '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t',
  '0xffffffff\tsame\tvmlinux\tEXPORT_SYMBOL_GPL\t',
  '0x00000000\tsame\tdrivers/a\tEXPORT_SYMBOL_GPL\tNS_A',
  '0x00000001\tb\tdrivers/b\tEXPORT_SYMBOL\tNS_A',
  '0x00000002\tc\tvmlinux\tEXPORT_SYMBOL\t',
].join('\n');

const facts: KernelFacts = {
  release: '6.1.0-9-amd64',
  arch: 'x86_64',
  vermagic: '6.1.0-9-amd64 SMP ',
  config: Object.assign(Object.create(null) as Record<string, string>, { SMP: 'y', __proto__x: 'a "b"', EMPTY: '' }),
  distribution: 'debian',
  exports: parseSymvers(toBytes(SYMVERS)),
  structModule: { size: 896, init: 312, exit: null, source: 'somewhere' },
  builtin: ['ext4'],
  trustedKeys: { certificates: [new Uint8Array([0x30, 0xff, 0])], source: 'a file' },
  ownSigners: [{ issuerAndSerial: 'aa', keyIdentifier: null }],
  btf: { bytes: new Uint8Array([0x9f, 0xeb]), source: 'vmlinux' },
  declarations: { 'struct module_memory': true, __kflagstab: false },
};

/** Everything but the exports' columns, which a snapshot lays out anew, and the rows instead of them. */
function plain(kernel: KernelFacts): unknown {
  const rows = Array.from({ length: kernel.exports.size }, (_, i) => kernel.exports.row(i));
  return { ...kernel, exports: rows };
}

function reread(kernel: KernelFacts, options = {}): KernelFacts {
  const result = parseSnapshot(snapshotText(kernel, options));
  if (!result.ok) throw new Error(result.reason.id);
  return result.facts;
}

test('everything comes back', () => {
  assert.deepEqual(plain(reread(facts, { btf: true })), plain(facts));
});

test('what is not known comes back as not known, BTF only when asked for', () => {
  const unknown = { ...facts, structModule: null, builtin: null, trustedKeys: null, btf: null, declarations: null };
  assert.deepEqual(plain(reread(unknown)), plain(unknown));
  assert.equal(reread(facts).btf, null);
  assert.equal(reread({ ...facts, exports: parseSymvers(new Uint8Array()) }).exports.size, 0);
});

test('what is not a snapshot says why', () => {
  const reason = (text: string) => {
    const result = parseSnapshot(text);
    return result.ok ? null : noteText(result.reason);
  };
  assert.match(reason('') ?? '', /not JSON/);
  assert.match(reason('[]') ?? '', /not JSON/);
  assert.match(reason('{}') ?? '', /no schema number/);
  assert.match(reason('{"schema":99}') ?? '', /schema 99 is not known/);
  assert.match(reason('{"schema":1}') ?? '', /incomplete snapshot/);
});

test('columns that ask for absurd amounts give no exports', () => {
  const known = JSON.parse(snapshotText(facts)) as Record<string, unknown>;
  const column = { values: ['x'.repeat(100_000)], runs: [0, 10_000_000] };
  const exports = { names: 'a', crcs: '00000000'.repeat(100_000), owners: column, types: column, namespaces: column };
  const result = parseSnapshot(JSON.stringify({ ...known, exports }));
  assert.equal(result.ok && result.facts.exports.size, 0);
});

test('no JSON makes it throw', () => {
  const known = JSON.parse(snapshotText(facts, { btf: true })) as Record<string, unknown>;
  const key = fc.constantFrom(...Object.keys(known));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 3 }), changes => {
      parseSnapshot(JSON.stringify({ ...known, ...Object.fromEntries(changes) }));
    }),
    { numRuns: 500 },
  );
  const column = fc.record({ values: fc.array(fc.string()), runs: fc.array(fc.integer()) });
  const exported = { names: fc.string(), crcs: fc.string(), owners: column, types: column, namespaces: column };
  fc.assert(fc.property(fc.record(exported), exports => void parseSnapshot(JSON.stringify({ ...known, exports }))));
});

test('where something was learnt is told without the directories of the machine', () => {
  const structModule = { size: 1, init: null, exit: null, source: 'this_module of /lib/modules/6.1/a b/m.ko' };
  const trustedKeys = { certificates: [], source: '/usr/src/a/certs/one.pem and /usr/src/a/certs/two.pem' };
  const result = parseSnapshot(snapshotText({ ...facts, structModule, trustedKeys }));
  assert.ok(result.ok);
  assert.equal(result.facts.structModule?.source, 'this_module of a b/m.ko');
  assert.equal(result.facts.trustedKeys?.source, 'one.pem and two.pem');
});
