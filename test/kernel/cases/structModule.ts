// Fields of struct module that the loader reads from the file: taints, what it is, what it used.
import { number } from '../lib/koFile';
import type { BootPlan } from '../lib/record';
import type { Case } from '../lib/recording';
import { insmod, testCase, type Kit } from './kit';

/** Offsets in bytes of members of struct module, by kernel, as pahole has them. */
const OFFSETS: Readonly<Record<string, Offsets>> = {
  '5.10': { taints: 568, gplonly: 296, klp: 848, nodes: { first: 416, apart: 80, count: 2 } },
  '6.1': { taints: 504, gplonly: 296, klp: 800, nodes: { first: 352, apart: 80, count: 2 } },
  '6.12': { taints: 848, gplonly: 296, klp: 1152, nodes: { first: 344, apart: 72, count: 7 } },
  '7.2': { taints: 864, gplonly: 284, klp: 1168, nodes: { first: 344, apart: 72, count: 7 } },
};

interface Offsets {
  readonly taints: number;
  readonly gplonly: number;
  readonly klp: number;
  /** Nodes of the tree of addresses, whose contents depend on every module that is loaded. */
  readonly nodes: { readonly first: number; readonly apart: number; readonly count: number };
}

/** sizeof(struct latch_tree_node) */
const NODE = 48;

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
    ...relocations(kit, offsets),
    ...bits,
    testCase('stock/struct-module/livepatch', changed('minimal', klp, 1)),
    testCase('stock/struct-module/gplonly', changed('minimal', gplonly, 1)),
    testCase('stock/struct-module/gplonly-proprietary', insmod('proprietary'), changed('prop_user_only', gplonly, 1)),
  ];
  return [{ boot: 'struct-module', cmdline: '', cases }];
}

const R_X86_64_32S = 11;
const UNKNOWN = 99;
const RELOCATIONS = '.rela.gnu.linkonce.this_module';

/**
 * The relocation of init, moved to every word of the structure, or to some: by then the loader has written many of them itself. That of
 * exit has an unknown type, so that the module is refused before anything uses a field that was free.
 */
function relocations(kit: Kit, { nodes }: Offsets): Case[] {
  const isNode = (offset: number): boolean => {
    const from = offset - nodes.first;
    return from >= 0 && from < nodes.apart * nodes.count && from % nodes.apart < NODE;
  };
  return [
    { fixture: 'special', step: 4 },
    { fixture: 'gpluser', step: 16 },
  ].flatMap(({ fixture, step }) => {
    const ko = kit.ko(fixture);
    const moved = (offset: number): ReturnType<typeof insmod> =>
      insmod(
        ko.module([
          ko.setRela(RELOCATIONS, 0, 'r_offset', offset),
          ko.setRela(RELOCATIONS, 0, 'r_type', R_X86_64_32S),
          ko.setRela(RELOCATIONS, 1, 'r_type', UNKNOWN),
        ]),
      );
    const before = fixture === 'gpluser' ? [insmod('exporter')] : [];
    const places = ko.section('.gnu.linkonce.this_module').sh_size / step;
    return Array.from({ length: places }, (_, place) => step * place)
      .filter(offset => !isNode(offset))
      .map(offset => testCase(`stock/struct-module/relocation/${fixture}/${offset}`, ...before, moved(offset)));
  });
}
