// Whatever is loaded, the library answers: no exception, in time, with a result that makes sense, and the machine goes
// on working. Seeded, so that a failure can be repeated.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { System, type LoadResult } from '../../src/index';
import { SHDR_FIELDS } from '../kernel/lib/koFile';
import { factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../support/recorded';
import { costOf } from '../support/cost';
import { schemaErrors } from '../support/schema';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20260);
/** PROPERTY_RUNS asks for a longer search, PROPERTY_SEED for another. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 100);
/** Runs of a fixed computation that a load may cost: about a second of an idle machine. */
const MOST_COST = 11;

/** Those with the most different contents. */
const FIXTURES = ['paramkinds', 'exporter', 'special', 'relocs', 'percpu', 'nsuser', 'tagged', 'noexit'] as const;

/** One change to the bytes of a file; positions are fractions of what there is. */
type Edit =
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | { readonly kind: 'word'; readonly at: number; readonly value: bigint }
  | { readonly kind: 'section'; readonly at: number; readonly field: keyof typeof SHDR_FIELDS; readonly value: bigint }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'copy'; readonly from: number; readonly to: number; readonly length: number };

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Values near the borders of every width, small numbers, and anything. */
const interesting = fc.oneof(
  fc.bigInt(0n, 300n),
  fc.constantFrom(0x7fffn, 0xff00n, 0xfff1n, 0xffffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 1n << 32n, 1n << 63n),
  fc.constantFrom(2n ** 53n, 2n ** 64n - 1n, 2n ** 64n - 4096n, 0x2000_0000n, 0x1_0000_0001n),
  fc.bigInt(0n, 2n ** 64n - 1n),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fraction, value: fc.nat(255) }),
  fc.record({ kind: fc.constant('word' as const), at: fraction, value: interesting }),
  fc.record({
    kind: fc.constant('section' as const),
    at: fraction,
    field: fc.constantFrom(...(Object.keys(SHDR_FIELDS) as (keyof typeof SHDR_FIELDS)[])),
    value: interesting,
  }),
  fc.record({ kind: fc.constant('truncate' as const), at: fraction }),
  fc.record({ kind: fc.constant('copy' as const), from: fraction, to: fraction, length: fc.nat(256) }),
);

function applyEdits(original: Uint8Array, sections: number, edits: readonly Edit[]): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(original);
  const headers = original.length - sections * 64;
  for (const one of edits) {
    const position = (where: number) => Math.floor(where * bytes.length);
    const put = (at: number, width: number, value: bigint): void => {
      for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    };
    if (one.kind === 'byte') bytes[position(one.at)] = one.value;
    else if (one.kind === 'word') put(position(one.at) & ~3, 8, one.value);
    else if (one.kind === 'truncate') bytes = bytes.slice(0, position(one.at));
    else if (one.kind === 'copy')
      bytes.copyWithin(position(one.to), position(one.from), position(one.from) + one.length);
    else {
      const [offset, width] = SHDR_FIELDS[one.field];
      put(headers + Math.floor(one.at * sections) * 64 + offset, width, one.value);
    }
  }
  return bytes;
}

/** What must hold of every result. */
function assertSane(result: LoadResult): void {
  assert.deepEqual(schemaErrors('insmod', JSON.parse(JSON.stringify(result))), []);
  assert.ok(Number.isInteger(result.errno) && result.errno >= 0);
  assert.equal(result.errno === 0, result.errnoName === null);
  assert.equal(result.errno === 0, result.insmod === null);
  const refused = result.stages.filter(stage => stage.outcome === 'refused');
  if (result.verdict === 'refused') {
    assert.ok(result.errno > 0, 'a refusal has an errno');
    assert.deepEqual(refused, result.stages.slice(-1), 'the last stage is the one that refused');
  } else {
    assert.equal(result.stages.at(-1)?.name, 'do_init_module');
    assert.ok(refused.every(stage => stage.name === 'do_init_module'));
  }
  for (const { level, text } of result.log) {
    assert.ok(level >= 0 && level <= 7);
    assert.doesNotMatch(text, /[^\n -~]/, 'log lines are as /dev/kmsg shows them');
  }
}

/** Loads the file, then shows that the machine still loads, counts uses and removes as before. */
async function loadAndGoOn(generation: Generation, bytes: Uint8Array, args: string, flags: number): Promise<void> {
  const system = new System(factsOf(generation));
  const { value: result, cost } = await costOf(() => system.insmod({ path: 'mutant.ko', bytes }, args, { flags }));
  assert.ok(cost < MOST_COST, `cost ${cost.toFixed(1)} times the fixed computation`);
  assertSane(result);
  assert.deepEqual(system.modules.length, result.errno === 0 ? 1 : 0);
  for (const module of system.modules) {
    assert.equal(module.refcount, module.holders.length);
    // A mutant may have lost its exit function, or its name.
    system.rmmod(module.name, { flags: 0x200 });
  }
  if (system.modules.length > 0) return;
  for (const name of ['exporter', 'chain'])
    assert.equal(system.insmod(moduleFile(fixture(generation, name))).errno, 0, `${name} after the mutant`);
  assert.deepEqual(
    system.modules.map(module => [module.name, module.refcount]),
    [
      ['chain', 0],
      ['exporter', 1],
    ],
  );
}

for (const generation of GENERATIONS) {
  test(`${generation}: damaged modules get an answer, and the machine goes on`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FIXTURES),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('', 'p_int=1', 'a=b "c d'),
        fc.constantFrom(0, 0, 0, 1, 2, 3),
        async (name, edits, args, flags) => {
          const ko = fixture(generation, name);
          await loadAndGoOn(generation, applyEdits(ko.bytes, ko.sections.length, edits), args, flags);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test(`${generation}: bytes that never were a module`, async () => {
    const header = [...fixture(generation, 'minimal').bytes.subarray(0, 64)];
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 400 }), async (elf, rest) => {
        await loadAndGoOn(generation, Uint8Array.from(elf ? [...header, ...rest] : rest), '', 0);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test(`${generation}: any arguments`, () => {
    const names = fixture(generation, 'paramkinds')
      .modinfo.filter(entry => entry.tag === 'parmtype')
      .map(entry => entry.value.split(':')[0] ?? '');
    const value = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('1,2,3', ',,,', '-', '0x', '"', '99999999999999999999', 'good', 'x'.repeat(1025)),
      fc.bigInt().map(String),
    );
    const word = fc.oneof(
      fc
        .tuple(fc.constantFrom(...names, 'dyndbg', 'async_probe', 'x.dyndbg', '--', 'nobody'), value)
        .map(w => w.join('=')),
      value,
      fc.constantFrom(...names, '--', '"a b"', '=', '==', ''),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.constantFrom(' ', '\t', '  '), (words, separator) => {
        const system = new System(factsOf(generation));
        const result = system.insmod(moduleFile(fixture(generation, 'paramkinds')), words.join(separator));
        assertSane(result);
        assert.equal(system.insmod(moduleFile(fixture(generation, 'exporter'))).errno, 0);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test(`${generation}: any calls in any order keep the books in order`, () => {
    const loadable = [
      'exporter',
      'chain',
      'chainuser',
      'user',
      'gpluser',
      'noexit',
      'initret',
      'proprietary',
      'prop_user',
    ];
    const call = fc.oneof(
      fc.record({
        op: fc.constant('insmod' as const),
        name: fc.constantFrom(...loadable),
        init: fc.constantFrom(0, 0, 0, -5, -17, 3),
      }),
      fc.record({
        op: fc.constant('rmmod' as const),
        name: fc.oneof(
          fc.constantFrom(...loadable),
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.constant('m'.repeat(300)),
        ),
        flags: fc.oneof(fc.constantFrom(0, 0x200, 0x800, 0xa00), fc.integer()),
      }),
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 25 }), calls => {
        const system = new System(factsOf(generation));
        for (const one of calls) {
          const before = system.modules.map(module => module.name);
          if (one.op === 'rmmod') {
            const { errno, errnoName, log } = system.rmmod(one.name, { flags: one.flags });
            assert.equal(errno === 0, errnoName === null);
            assert.ok(Array.isArray(log));
            const after = system.modules.map(module => module.name);
            assert.deepEqual(after, errno === 0 ? before.filter(name => name !== one.name) : before);
          } else {
            const result = system.insmod(moduleFile(fixture(generation, one.name)), '', { initResult: one.init });
            const after = system.modules.map(module => module.name);
            assert.deepEqual(after, result.errno === 0 ? [one.name, ...before] : before);
          }
          const loaded = system.modules.map(module => module.name);
          for (const module of system.modules) {
            assert.equal(module.refcount, module.holders.length);
            assert.ok(
              module.holders.every(holder => loaded.includes(holder)),
              'who holds it is loaded',
            );
          }
        }
      }),
      { seed: SEED, numRuns: RUNS / 2 },
    );
  });
}
