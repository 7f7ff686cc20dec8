// Families of the distribution's modules which say nothing when they start: each alone, with what it depends on, and
// with its dependencies in the wrong order.
import { getModinfo } from '../../../src/formats/ko/modinfo';
import { readSections } from '../../../src/formats/elf/sectionByName';
import type { BootPlan } from '../lib/record';
import { insmod, testCase, type Kit, type Topic } from './kit';
import { draw } from './wide/values';

interface Family {
  readonly dir: string;
  readonly count: number;
  /** Directories in which what they depend on is found. */
  readonly needs: readonly string[];
}

const FAMILIES: readonly Family[] = [
  { dir: 'kernel/fs/nls', count: 30, needs: [] },
  { dir: 'kernel/drivers/media/rc/keymaps', count: 40, needs: ['kernel/drivers/media/rc'] },
  {
    dir: 'kernel/net/netfilter',
    count: 45,
    needs: ['kernel/net/netfilter', 'kernel/net/ipv4/netfilter', 'kernel/lib'],
  },
  { dir: 'kernel/net/sched', count: 35, needs: ['kernel/net/sched'] },
  { dir: 'kernel/lib', count: 10, needs: [] },
  { dir: 'kernel/drivers/hid', count: 25, needs: ['kernel/drivers/hid'] },
];

/** Say something or take long when they start, or keep something running. */
const LOUD = /test|selftest|lib80211|kunit|benchmark|intel-ish|hyperv|hid-core|usbhid|nf_conntrack_|ip_vs/;
/** Their init changes their own parameters. */
const SELF_SET = /xt_recent|xt_hashlimit/;

function dependsOf(bytes: Uint8Array | null): string[] {
  const modinfo = bytes && readSections(bytes)?.find('.modinfo');
  const depends = modinfo ? getModinfo(modinfo.bytes, 'depends') : null;
  return depends ? depends.split(',').filter(name => name !== '') : [];
}

const nameOf = (path: string): string => path.replace(/^.*\/|\.ko$/g, '').replaceAll('-', '_');

/** What a module needs, deepest first; null when something of it is elsewhere. */
function chain(kit: Kit, path: string, places: ReadonlyMap<string, string>): string[] | null {
  const order: string[] = [];
  const visit = (at: string): boolean => {
    if (order.includes(at)) return true;
    for (const name of dependsOf(kit.stock(at))) {
      const needed = places.get(name.replaceAll('-', '_'));
      if (needed === undefined || !visit(needed)) return false;
    }
    order.push(at);
    return true;
  };
  return visit(path) ? order : null;
}

function family(kit: Kit, { dir, count, needs }: Family, random: (below: number) => number): ReturnType<Topic> {
  const places = new Map(needs.flatMap(place => kit.stockBelow(place)).map(path => [nameOf(path), path]));
  const quiet = kit.stockBelow(dir).filter(path => !LOUD.test(path));
  return draw(quiet, count, random).flatMap(path => {
    const steps = chain(kit, path, places)?.map(stock => insmod({ stock }));
    const id = `stock/set/${path.replace(/^kernel\/|\.ko$/g, '')}`;
    const alone = testCase(`${id}/alone`, insmod({ stock: path }));
    if (!steps || steps.length > 6) return [alone];
    if (steps.length === 1) return [alone];
    const wrong = [...steps].reverse();
    return random(2) === 0
      ? [alone, testCase(`${id}/in-order`, ...steps)]
      : [testCase(`${id}/in-order`, ...steps), testCase(`${id}/wrong-order`, ...wrong)];
  });
}

/** Modules with what they need, for whoever wants to load them: a few of each family in turn. */
export function stockChains(kit: Kit): string[][] {
  const random = kit.seeded(50);
  const chains = FAMILIES.map(({ dir, needs }) => {
    const places = new Map(needs.flatMap(place => kit.stockBelow(place)).map(path => [nameOf(path), path]));
    const quiet = kit.stockBelow(dir).filter(path => !LOUD.test(path));
    return draw(quiet, 12, random).flatMap(path => {
      const order = chain(kit, path, places);
      return order && order.length <= 6 ? [order] : [];
    });
  });
  return chains[0] ? Array.from({ length: 12 }, (_, i) => chains.flatMap(list => list.slice(i, i + 1))).flat() : [];
}

/** A boot of its own; none where the modules are not at hand. */
export function stockBoots(kit: Kit): BootPlan[] {
  const random = kit.seeded(4000);
  const cases = FAMILIES.flatMap(one => family(kit, one, random)).filter(({ id }) => !SELF_SET.test(id));
  return cases.length === 0 ? [] : [{ boot: 'stock-sets', cmdline: '', cases }];
}
