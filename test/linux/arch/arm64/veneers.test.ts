// Erratum 843419 of Cortex-A53: an ADRP in the last eight bytes of a page becomes an ADR, or a jump to a veneer.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readSnapshot } from '../../../../src/host/node/targets';
import { System } from '../../../../src/index';
import { ArchKo } from '../../../kernel/arch/archKo';
import { TARGET_FILE } from '../../../kernel/lib/engine';
import { fixturesDir, recordedDir } from '../../../kernel/lib/paths';
import { readFixtureModule } from '../../../kernel/lib/recipe';

const RELEASE = '6.1.0-50-arm64';
const ADR_PREL_PG_HI21 = 275;
const SHN_ABS = 0xfff1;
const BASE = 0xffff_8000_0100_0000n;
const FAR = 0xffff_8000_1100_0123n;
/** adrp x5 and adrp x7, of no page yet */
const [ADRP_X5, ADRP_X7] = [0x9000_0005, 0x9000_0007];
const PLT_ENTRY = 12;

/** suite_code with two ADRPs at the end of its first page: of something far, and of the section itself. */
function moduleWithAdrps(): Uint8Array {
  const plain = new ArchKo('places', readFixtureModule(fixturesDir(RELEASE), { fixture: 'places' }));
  const section = plain.relocationsOf('suite_code');
  const far = plain.symbol('suite_moved');
  const near = plain.symbol('suite_target');
  const code = plain.section('suite_code');
  const none = [2, 3].flatMap(entry => plain.setEntry(section, entry, 0, near));
  const ko = readFixtureModule(
    fixturesDir(RELEASE),
    plain.module([
      ...plain.setEntry(section, 0, ADR_PREL_PG_HI21, far),
      plain.setOffset(section, 0, 0xff8),
      ...plain.setEntry(section, 1, ADR_PREL_PG_HI21, near),
      plain.setOffset(section, 1, 0xffc),
      ...none,
      plain.set('sym', far, 'st_shndx', SHN_ABS),
      plain.set('sym', far, 'st_value', FAR),
      plain.set('sym', near, 'st_shndx', code.index),
      plain.set('sym', near, 'st_value', 0x20),
      plain.set('shdr', code.index, 'sh_size', 0x1010),
      plain.set('shdr', code.index, 'sh_addralign', 4096),
    ]),
  );
  const bytes = new Uint8Array(ko.length + 0x1010);
  bytes.set(ko);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(plain.shoff + code.index * 64 + 24, BigInt(ko.length), true);
  view.setUint32(ko.length + 0xff8, ADRP_X5, true);
  view.setUint32(ko.length + 0xffc, ADRP_X7, true);
  return bytes;
}

function loaded(errata: readonly number[]) {
  const facts = readSnapshot(path.join(recordedDir(RELEASE), TARGET_FILE));
  const system = new System(facts, { errata, memoryAt: (_, region) => (region === 'core' ? BASE : null) });
  const trace = system.trace({ path: 'places.ko', bytes: moduleWithAdrps() });
  assert.equal(trace.result.verdict, 'loads');
  const sections = trace.result.layout.regions.find(({ name }) => name === 'core')?.sections ?? [];
  const of = (name: string) => {
    const place = sections.find(section => section.name === name);
    const bytes = Buffer.from(trace.memory().find(section => section.name === name)?.bytes ?? []);
    return { address: BASE + BigInt(place?.offset ?? 0), size: place?.size ?? 0, bytes };
  };
  return { code: of('suite_code'), plt: of('.plt'), links: trace.steps().links };
}

const branchTarget = (insn: number, from: bigint): bigint => {
  assert.equal(insn >>> 26, 5, 'b');
  return from + BigInt((insn << 6) >> 4);
};

function adrImmediate(insn: number): number {
  return (((((insn >>> 5) & 0x7_ffff) << 2) | ((insn >>> 29) & 3)) << 11) >> 11;
}

void test('other processors keep the ADRP, and no room is made', () => {
  const { code, plt, links } = loaded([]);
  assert.equal(plt.size, PLT_ENTRY);
  assert.equal(links?.tables.includes('veneer'), false);
  const insn = code.bytes.readUInt32LE(0xff8);
  assert.equal((insn & 0x9f00_001f) >>> 0, ADRP_X5);
  const page = ((code.address + 0xff8n) & ~0xfffn) + BigInt(adrImmediate(insn)) * 4096n;
  assert.equal(page, FAR & ~0xfffn);
});

void test('a far page is reached by way of a veneer, a near one by ADR', () => {
  const { code, plt, links } = loaded([843419]);
  // Both ADRPs, one entry to pass over, and the spare one.
  assert.equal(plt.size, 4 * PLT_ENTRY);
  assert.equal(code.address & 0xfffn, 0n);
  const veneer = branchTarget(code.bytes.readUInt32LE(0xff8), code.address + 0xff8n);
  assert.equal(veneer, plt.address);
  const [adrp, add, back] = [0, 4, 8].map(at => plt.bytes.readUInt32LE(at)) as [number, number, number];
  assert.equal((adrp & 0x9f00_001f) >>> 0, ADRP_X5);
  assert.equal((plt.address & ~0xfffn) + BigInt(adrImmediate(adrp)) * 4096n, FAR & ~0xfffn);
  assert.equal(add, 0x9100_00a5, 'add x5, x5, #0');
  assert.equal(branchTarget(back, plt.address + 8n), code.address + 0xffcn);

  const adr = code.bytes.readUInt32LE(0xffc);
  assert.equal((adr & 0x9f00_001f) >>> 0, ADRP_X7 & 0x7fff_ffff);
  assert.equal(code.address + 0xffcn + BigInt(adrImmediate(adr)), code.address);
  assert.deepEqual(links?.tables, ['veneer']);
  assert.deepEqual(links?.names, ['suite_moved']);
});
