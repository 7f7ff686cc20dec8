// Thumb-2 kernels of arm: bit 0 of an address says which instructions lie there, and branches of either kind must stay in theirs.
import type { Patch } from '../lib/recipe';
import type { Case } from '../lib/recording';
import { insmod, testCase } from '../cases/kit';
import type { ArchKit } from './cases';
import type { ArchKo } from './archKo';

const SHN_ABS = 0xfff1;
const STB_GLOBAL = 1;
const STT = { notype: 0, func: 2 } as const;
const ENTRY = 1;

/** Branches, with the instruction that stands in the field: to its own place, as the assembler leaves it. */
const BRANCHES = [
  [1, 'PC24', 'feffffeb'],
  [28, 'CALL', 'feffffeb'],
  [29, 'JUMP24', 'feffffea'],
  [10, 'THM_CALL', 'fff7feff'],
  [30, 'THM_JUMP24', 'fff7febf'],
] as const;

/** A branch in code to a symbol. */
function branch(ko: ArchKo, entry: number, type: number, symbol: number, field: string): Patch[] {
  const section = ko.relocationsOf('suite_code');
  const at = ko.section('suite_code').sh_offset + ko.relocations(section).offset(entry);
  return [...ko.setEntry(section, entry, type, symbol), [at, field]];
}

/** Symbols of either kind at addresses of either kind, in the same section and far away. */
function interworking(ko: ArchKo): Case[] {
  const moved = ko.symbol('suite_moved');
  return BRANCHES.flatMap(([type, name, field]) =>
    Object.entries(STT).flatMap(([kind, stt]) =>
      [0n, 1n, 2n, 0x1000_0000n, 0x1000_0001n].map(value =>
        testCase(
          `interworking/${name}/${kind}-1/${value.toString(16)}`,
          insmod(
            ko.module([
              ...branch(ko, ENTRY, type, moved, field),
              ...(value > 3n ? [ko.set('sym', moved, 'st_shndx', SHN_ABS)] : []),
              ko.set('sym', moved, 'st_info', (STB_GLOBAL << 4) | stt),
              ko.set('sym', moved, 'st_value', value),
            ]),
          ),
        ),
      ),
    ),
  );
}

/** Branches to functions that the kernel exports, which are of Thumb-2 code. */
function exported(ko: ArchKo): Case[] {
  return ['__gnu_mcount_nc', '__aeabi_unwind_cpp_pr0'].flatMap(name => {
    const symbol = ko.symbolNames.indexOf(name);
    if (symbol < 1) return [];
    return BRANCHES.map(([type, branchName, field]) =>
      testCase(`exported/${name}/${branchName}`, insmod(ko.module(branch(ko, ENTRY, type, symbol, field)))),
    );
  });
}

/** Symbols beyond the table, which are looked at before the type is. */
function beyond(ko: ArchKo): Case[] {
  return BRANCHES.flatMap(([type, name, field]) =>
    [0, 1].map(more =>
      testCase(`beyond/${name}/${more}`, insmod(ko.module(branch(ko, ENTRY, type, ko.symbolCount + more, field)))),
    ),
  );
}

/** Entries of the PLT: one for each symbol and addend. */
function plts(ko: ArchKo): Case[] {
  const [moved, target] = [ko.symbol('suite_moved'), ko.symbol('suite_target')];
  const far = (symbol: number, value: number): Patch[] => [
    ko.set('sym', symbol, 'st_shndx', SHN_ABS),
    ko.set('sym', symbol, 'st_value', value),
  ];
  const both = [...far(moved, 0x1000_0001), ...far(target, 0x2000_0001)];
  const calls = (name: string, symbols: readonly number[], fields: readonly string[]): Case =>
    testCase(
      `plt/${name}`,
      insmod(
        ko.module([...both, ...symbols.flatMap((symbol, i) => branch(ko, i, 10, symbol, fields[i] ?? 'fff7feff'))]),
      ),
    );
  return [
    calls('one', [moved, moved, moved], []),
    calls('two', [moved, target, moved], []),
    calls('addends', [moved, moved, moved], ['fff7feff', '00f000f8', '00f002f8']),
    calls('jump-and-call', [moved, target, target], ['fff7febf']),
  ];
}

/** Of Thumb-2 kernels only. */
export function thumbCases(kit: ArchKit): Case[] {
  if (kit.arch !== 'thumb2') return [];
  const ko = kit.ko('places');
  return [
    testCase('plain/branches', insmod('branches')),
    ...interworking(ko),
    ...exported(ko),
    ...beyond(ko),
    ...plts(ko),
  ];
}
