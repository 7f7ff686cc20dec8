// Numbers of section headers in the words of elf.h and readelf.

const TYPES: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'PROGBITS',
  2: 'SYMTAB',
  3: 'STRTAB',
  4: 'RELA',
  7: 'NOTE',
  8: 'NOBITS',
  9: 'REL',
  14: 'INIT_ARRAY',
  15: 'FINI_ARRAY',
  17: 'GROUP',
  18: 'SYMTAB_SHNDX',
};

/** sh_type without its SHT_; hex for one that elf.h does not know. */
export function typeWord(sh_type: number): string {
  return TYPES[sh_type] ?? `0x${sh_type.toString(16)}`;
}

/** Letters as readelf prints them; SHF_RO_AFTER_INIT is the kernel's own, and the letter R ours. */
const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [0x1, 'W'],
  [0x2, 'A'],
  [0x4, 'X'],
  [0x10, 'M'],
  [0x20, 'S'],
  [0x40, 'I'],
  [0x80, 'L'],
  [0x200, 'G'],
  [0x400, 'T'],
  [0x20_0000, 'R'],
];

export function flagLetters(sh_flags: number): string {
  return FLAGS.filter(([bit]) => (sh_flags & bit) !== 0)
    .map(([, letter]) => letter)
    .join('');
}
