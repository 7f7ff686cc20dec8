// apply_relocate_add() of x86_64, on a fixture that holds one relocation of each type.
import { codeOf } from '../../../../src/findings/all';
import assert from 'node:assert/strict';
import test from 'node:test';
import { RELOCATIONS } from '../../../../src/linux/arch/x86/relocations';
import type { Load } from '../../../../src/linux/kernel/module/types';
import type { Patch } from '../../../kernel/lib/recipe';
import type { KoFile } from '../../../kernel/lib/koFile';
import { loadInside } from '../../../support/loading';
import { factsOf, fixture, GENERATIONS, moduleFile, type Generation } from '../../../support/recorded';

const RELA = '.relasuite_relocs';
/** Entries of the fixture, by what they are. */
const ENTRY = { R64: 0, PC32: 1, PLT32: 2, ABS32: 3, ABS32S: 4, PC64: 5, NONE: 6 } as const;
/** Offset of the field each entry fills. */
const FIELD = [0, 8, 12, 16, 20, 24, 32] as const;

function run(generation: Generation, patches: (ko: KoFile) => readonly Patch[] = () => []) {
  const ko = fixture(generation, 'relocs');
  const { load, outcome } = loadInside(factsOf(generation), moduleFile(ko, patches(ko)).bytes);
  const texts = load.log.map(line => line.text).filter(text => text.startsWith('module: '));
  return { load, errno: outcome.errno, texts, ko };
}

/** The relocated section: its address, and its bytes as they are in memory. */
function relocated(load: Load, ko: KoFile): { readonly base: bigint; readonly view: DataView } {
  const section = load.info.sechdrs[ko.section('suite_relocs').index];
  assert.ok(section?.place);
  const { region, offset } = section.place;
  return { base: section.sh_addr, view: new DataView(region.image.buffer, region.image.byteOffset + offset) };
}

const u32 = (value: bigint): number => Number(BigInt.asUintN(32, value));
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

test('the types the kernel knows, and no others', () => {
  assert.deepEqual(
    RELOCATIONS.map(row => [row.type, row.bytes]),
    [
      [0, 0],
      [1, 8],
      [2, 4],
      [4, 4],
      [10, 4],
      [11, 4],
      [24, 8],
    ],
  );
});

for (const generation of GENERATIONS) {
  const recent = generation === '7.2';
  const plain = generation === '5.10' || generation === '6.1';
  /** ` sec N idx M`, where this kernel says so. */
  const where = (ko: KoFile, entry: number) => (recent ? ` sec ${ko.section(RELA).index} idx ${entry}` : '');

  test(`${generation}: the value each type writes`, () => {
    const { load, errno, ko } = run(generation);
    assert.equal(errno, 0);
    const { base, view } = relocated(load, ko);
    const target = base + ko.symbol('suite_relocs_target').st_value;
    const place = (entry: keyof typeof ENTRY) => base + BigInt(FIELD[ENTRY[entry]]);
    assert.equal(view.getBigUint64(0, true), target + 8n);
    assert.equal(view.getUint32(8, true), u32(target - 4n - place('PC32')));
    assert.equal(view.getUint32(12, true), u32(target - 4n - place('PLT32')));
    assert.equal(view.getUint32(16, true), 16, 'a weak symbol nobody has is 0');
    assert.equal(view.getUint32(20, true), u32(target));
    assert.equal(view.getBigUint64(24, true), u64(target - place('PC64')));
    assert.equal(view.getBigUint64(32, true), 0n);
  });

  test(`${generation}: a value that does not fit`, () => {
    const { errno, texts, ko, load } = run(generation, ko => [
      ko.setRela(RELA, ENTRY.ABS32, 'r_sym', ko.symbol('suite_relocs_target').index),
    ]);
    const { base } = relocated(load, ko);
    const value = base + ko.symbol('suite_relocs_target').st_value + 16n;
    assert.equal(errno, 8);
    assert.deepEqual(texts, [
      `module: overflow in relocation type 10 val ${value.toString(16)}${where(ko, 3)}`,
      "module: `relocs' likely not compiled with -mcmodel=kernel",
    ]);
    for (const addend of [0x8000_0000n, -0x8000_0001n]) {
      const signed = run(generation, ko => [
        ko.setRela(RELA, ENTRY.ABS32S, 'r_sym', ko.symbol('suite_missing_weak').index),
        ko.setRela(RELA, ENTRY.ABS32S, 'r_addend', addend),
      ]);
      const val = u64(addend).toString(16);
      assert.equal(signed.errno, 8);
      assert.equal(signed.texts[0], `module: overflow in relocation type 11 val ${val}${where(ko, 4)}`);
    }
  });

  test(`${generation}: the last values that fit`, () => {
    const fits = (entry: keyof typeof ENTRY, addend: bigint) =>
      run(generation, ko => [
        ko.setRela(RELA, ENTRY[entry], 'r_sym', ko.symbol('suite_missing_weak').index),
        ko.setRela(RELA, ENTRY[entry], 'r_addend', addend),
      ]).errno === 0;
    assert.deepEqual(
      [fits('ABS32', 0xffff_ffffn), fits('ABS32', 0x1_0000_0000n), fits('ABS32', -1n), fits('ABS32', 0n)],
      [true, false, false, true],
    );
    assert.deepEqual(
      [fits('ABS32S', 0x7fff_ffffn), fits('ABS32S', -0x8000_0000n), fits('ABS32S', -1n)],
      [true, true, true],
    );
    // Relative ones are cut to their width without a look.
    assert.ok(fits('PC32', 0x7fff_ffff_ffffn) && fits('PLT32', -0x7fff_ffff_ffffn) && fits('PC64', 1n << 62n));
  });

  test(`${generation}: a field that is not empty`, () => {
    for (const entry of ['R64', 'PC32', 'PLT32', 'ABS32', 'ABS32S', 'PC64'] as const) {
      const at = FIELD[ENTRY[entry]];
      const { errno, texts, ko, load } = run(generation, ko => [[ko.section('suite_relocs').sh_offset + at + 3, '01']]);
      assert.equal(errno, 8, entry);
      const { base } = relocated(load, ko);
      const loc = (base + BigInt(at)).toString(16);
      const { r_type } = ko.rela(RELA, ENTRY[entry]);
      const head = `module: x86/modules: ${plain ? 'Skipping invalid' : 'Invalid'} relocation target, existing value is nonzero for `;
      const which = recent
        ? `sec ${ko.section(RELA).index}, idx ${ENTRY[entry]}, type ${r_type}, loc ${loc}`
        : `type ${r_type}, loc ${loc.padStart(16, '0')}`;
      assert.equal(texts.length, 1);
      assert.ok(texts[0]?.startsWith(`${head}${which}, val `), texts[0]);
    }
  });

  test(`${generation}: the upper half of a 64-bit field counts, the neighbour of a 32-bit one does not`, () => {
    const upper = run(generation, ko => [[ko.section('suite_relocs').sh_offset + 7, '80']]);
    assert.equal(upper.errno, 8);
    const behind = run(generation, ko => [[ko.section('suite_relocs').sh_offset + 0x24, 'ff']]);
    assert.equal(behind.errno, 0, 'R_X86_64_NONE looks at nothing');
  });

  test(`${generation}: which complaint comes first`, () => {
    const { texts } = run(generation, ko => [
      ko.setRela(RELA, ENTRY.ABS32, 'r_addend', -1n),
      [ko.section('suite_relocs').sh_offset + FIELD[ENTRY.ABS32], '01'],
    ]);
    assert.match(texts[0] ?? '', plain ? /existing value is nonzero/ : /overflow in relocation type 10/);
  });

  test(`${generation}: types it does not know`, () => {
    for (const type of [3, 5, 8, 9, 12, 13, 14, 15, 19, 23, 25, 26, 41, 42, 0xff, 0xffff_fffe]) {
      const { errno, texts } = run(generation, ko => [ko.setRela(RELA, ENTRY.NONE, 'r_type', type)]);
      assert.equal(errno, 8);
      assert.match(texts.join('\n'), /^module: relocs: Unknown rela relocation: -?\d+$/, `type ${type}`);
      if (type < 0x8000_0000) assert.ok(texts[0]?.endsWith(`: ${type}`));
    }
  });

  test(`${generation}: SHT_REL is not for this architecture; what is not in memory is not relocated`, () => {
    const rel = run(generation, ko => [ko.setShdr(ko.section(RELA).index, 'sh_type', 9)]);
    assert.equal(rel.errno, 8);
    assert.deepEqual(
      rel.load.log.filter(line => line.text.includes('REL ')),
      [{ level: 3, text: 'module relocs: REL relocation unsupported' }],
    );
    const elsewhere = run(generation, ko => [
      ko.setRela(RELA, ENTRY.NONE, 'r_type', 99),
      ko.setShdr(ko.section(RELA).index, 'sh_info', ko.section('.modinfo').index),
    ]);
    assert.equal(elsewhere.errno, 0);
    const nowhere = run(generation, ko => [
      ko.setRela(RELA, ENTRY.NONE, 'r_type', 99),
      ko.setShdr(ko.section(RELA).index, 'sh_info', 0xffff),
    ]);
    assert.equal(nowhere.errno, 0);
  });

  test(`${generation}: fields the kernel trusts are no reason to stop`, () => {
    for (const patch of [
      (ko: KoFile) => ko.setRela(RELA, ENTRY.R64, 'r_offset', 0xffff_ffff_ffff_fff0n),
      (ko: KoFile) => ko.setRela(RELA, ENTRY.R64, 'r_sym', 0xffff_ffff),
    ]) {
      const { load } = run(generation, ko => [patch(ko)]);
      assert.ok(load.findings.some(finding => codeOf(finding) === 'unchecked-field'));
    }
  });
}
