// Fields of struct module that the loader reads from the file: taints, what it is, what it used.
import { number } from '../lib/koFile';
import type { BootPlan } from '../lib/record';
import type { Case } from '../lib/recording';
import { insmod, testCase, type Kit } from './kit';

/** Offsets in bytes of members of struct module, by kernel, as pahole has them. */
const OFFSETS: Readonly<Record<string, { readonly taints: number; readonly gplonly: number; readonly klp: number }>> = {
  '5.10': { taints: 568, gplonly: 296, klp: 848 },
  '6.1': { taints: 504, gplonly: 296, klp: 800 },
  '6.12': { taints: 848, gplonly: 296, klp: 1152 },
  '7.2': { taints: 864, gplonly: 284, klp: 1168 },
};

/** Bits that kernels print of a module, some, or all of them. */
const TAINTS = [0, 1, 2, 3, 10, 12, 13, 15, 16, 17, 18, 19, 20];

/** A boot of its own; none where the image, whose BTF tells where the members are, is not at hand. */
export function structModuleBoots(kit: Kit): BootPlan[] {
  const offsets = OFFSETS[kit.key];
  if (!offsets || !kit.hasStock('kernel/drivers/net/mii.ko')) return [];
  const changed = (fixture: string, at: number, value: number): ReturnType<typeof insmod> => {
    const ko = kit.ko(fixture);
    const { sh_offset } = ko.section('.gnu.linkonce.this_module');
    return insmod(ko.module([number(sh_offset + at, 1, value)]));
  };
  const { taints, gplonly, klp } = offsets;
  const bits = TAINTS.flatMap((bit): Case[] => {
    const [at, value] = [taints + (bit >> 3), 1 << (bit & 7)];
    const alone = testCase(`stock/struct-module/taint-${bit}`, changed('minimal', at, value));
    if (bit > 1) return [alone];
    return [alone, testCase(`stock/struct-module/taint-${bit}-gpl`, insmod('exporter'), changed('gpluser', at, value))];
  });
  const cases = [
    ...bits,
    testCase('stock/struct-module/livepatch', changed('minimal', klp, 1)),
    testCase('stock/struct-module/gplonly', changed('minimal', gplonly, 1)),
    testCase('stock/struct-module/gplonly-proprietary', insmod('proprietary'), changed('prop_user_only', gplonly, 1)),
  ];
  return [{ boot: 'struct-module', cmdline: '', cases }];
}
