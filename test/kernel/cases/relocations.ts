// x86-64 relocations: types, overflow, and places that are not zero (apply_relocate_add).
import { number } from '../lib/koFile';
import { mutant, type Kit, type Topic } from './kit';

const SECTION = '.relasuite_relocs';
const NAMES = ['64', 'PC32', 'PLT32', '32', '32S', 'PC64', 'NONE'] as const;
const SHT_REL = 9;
const SHT_RELA = 4;

function entries(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('relocs');
  const at = ko.section('suite_relocs').sh_offset;
  return NAMES.flatMap((name, i) => {
    const { r_offset } = ko.rela(SECTION, i);
    const addend = (value: bigint, what: string): ReturnType<typeof mutant> =>
      mutant(`relocations/${name}/addend-${what}`, ko, [ko.setRela(SECTION, i, 'r_addend', value)]);
    return [
      mutant(`relocations/${name}/nonzero`, ko, [number(at + r_offset, 1, 1)]),
      mutant(`relocations/${name}/nonzero-fourth`, ko, [number(at + r_offset + 3, 1, 0x80)]),
      addend(0x7fffffffn, 'max32'),
      addend(0x100000000n, '4g'),
      addend(-1n, 'minus-one'),
      addend(-0x80000001n, 'below-min32'),
      addend(0x7fffffffffffffffn, 'max64'),
      mutant(`relocations/${name}/nonzero-and-overflow`, ko, [
        number(at + r_offset, 1, 1),
        ko.setRela(SECTION, i, 'r_addend', 0x100000000000n),
      ]),
    ];
  });
}

/** Every type number the format knows and some it does not. */
function types(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('relocs');
  const numbers = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 22, 24, 25, 32, 37, 41, 42, 43, 255, 0xffffffff,
  ];
  return numbers.map(type => mutant(`relocations/type/${type}`, ko, [ko.setRela(SECTION, 0, 'r_type', type)]));
}

function sectionLevel(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('relocs');
  const { index, sh_size } = ko.section(SECTION);
  const count = ko.sections.length;
  return [
    mutant('relocations/section/rel', ko, [ko.setShdr(index, 'sh_type', SHT_REL)]),
    mutant('relocations/section/info-out-of-range', ko, [ko.setShdr(index, 'sh_info', count)]),
    mutant('relocations/section/info-huge', ko, [ko.setShdr(index, 'sh_info', 0xffffffff)]),
    mutant('relocations/section/info-zero', ko, [ko.setShdr(index, 'sh_info', 0)]),
    mutant('relocations/section/info-not-alloc', ko, [ko.setShdr(index, 'sh_info', ko.section('.comment').index)]),
    mutant('relocations/section/not-relocations', ko, [ko.setShdr(index, 'sh_type', 1)]),
    mutant('relocations/section/half-entry', ko, [ko.setShdr(index, 'sh_size', sh_size - 12)]),
    mutant('relocations/section/link-ignored', ko, [ko.setShdr(index, 'sh_link', 0)]),
    mutant('relocations/section/livepatch-flag', ko, [ko.setShdr(index, 'sh_flags', 0x100040)]),
    mutant('relocations/section/comment-as-rela', ko, [ko.setShdr(ko.section('.comment').index, 'sh_type', SHT_RELA)]),
    mutant('relocations/section/last-in-file-bad', ko, [ko.setRela(SECTION, NAMES.length - 1, 'r_type', 99)]),
    mutant('relocations/section/two-bad', ko, [
      ko.setRela(SECTION, 1, 'r_type', 98),
      ko.setRela(SECTION, 0, 'r_type', 99),
    ]),
  ];
}

/** Relocations into percpu data are special up to 6.12, and against a weak symbol that is not there. */
function special(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('relocs');
  const weak = ko.symbol('suite_missing_weak');
  const target = ko.symbol('suite_relocs_target');
  return [
    mutant('relocations/symbol/zero', ko, [ko.setRela(SECTION, 3, 'r_sym', 0)]),
    mutant('relocations/symbol/weak-32s', ko, [ko.setRela(SECTION, 4, 'r_sym', weak.index)]),
    mutant('relocations/symbol/target-32', ko, [ko.setRela(SECTION, 3, 'r_sym', target.index)]),
    mutant('relocations/symbol/absolute-32', ko, [ko.setSymbol(target.index, 'st_shndx', 0xfff1)]),
    mutant('relocations/symbol/absolute-high', ko, [
      ko.setSymbol(target.index, 'st_shndx', 0xfff1),
      ko.setSymbol(target.index, 'st_value', 0x123456789an),
    ]),
  ];
}

export const relocations: Topic = kit => [...entries(kit), ...types(kit), ...sectionLevel(kit), ...special(kit)];
