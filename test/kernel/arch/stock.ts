// The distribution's own modules: some of each kind, each with what it depends on. Their paths are part of the recording.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readSections } from '../../../src/formats/elf/sectionByName';
import { getModinfo } from '../../../src/formats/ko/modinfo';
import { insmod, testCase } from '../cases/kit';
import { readStockModule } from '../lib/stock';
import type { Case } from '../lib/recording';

/** How many of each kind; all say nothing worth comparing but what loading them makes the kernel say. */
const KINDS: readonly (readonly [below: RegExp, count: number])[] = [
  [/^kernel\/fs\/nls\//, 2],
  [/^kernel\/drivers\/media\/rc\/keymaps\//, 2],
  [/^kernel\/net\/netfilter\//, 10],
  [/^kernel\/net\/sched\//, 8],
  [/^kernel\/lib\//, 5],
  [/^kernel\/drivers\/hid\//, 5],
  [/^kernel\/arch\//, 3],
  [/^kernel\/sound\//, 14],
  [/^kernel\/drivers\/media\//, 10],
  [/^kernel\/drivers\/net\//, 6],
  [/^kernel\/drivers\/(?:mtd|iio|input|md)\//, 8],
  [/^kernel\/fs\/(?:ext4|xfs|overlayfs|fuse|isofs)\//, 4],
];

/**
 * Run for long, print at their own time, set their own parameters, or keep something running: algorithms of the crypto layer
 * are in use while they are tested.
 */
const LOUD =
  /crypto|nf_nat|vpa-pmu|mtdblock|nft_flow|connlabel|iris|cs89x0|af9005|test|kunit|torture|fcrypt|ramoops|watchdog|kvm|iscsi|nf_conntrack_|ip_vs|rtw|ath|brcm|hyperv|xen|cpu_?freq|xt_recent|xt_hashlimit|fuse|ecdh|ecrdsa|camellia|crc32c|error-inject|_isa|nettel|mtdswap|wireless|\/apm|drivers\/md|serial-u16550|pmc551|ivtvfb/;
/** Changes its own parameters when it is loaded, also for others. */
const SETS_PARAMETERS = /\/nf_conntrack\.ko$/;
const MOST_DEEP = 8;

const nameOf = (file: string): string => path.basename(file).replace(/\.ko$/, '').replaceAll('-', '_');

/** Paths below the modules directory, sorted, without compression suffix. */
function listAll(modulesDir: string): string[] {
  return readdirSync(path.join(modulesDir, 'kernel'), { recursive: true })
    .map(String)
    .flatMap(file => /^.*\.ko(?=\.xz$|$)/.exec(file)?.[0] ?? [])
    .map(file => `kernel/${file}`)
    .sort();
}

function dependsOf(modulesDir: string, file: string): string[] {
  const modinfo = readSections(readStockModule(modulesDir, file))?.find('.modinfo');
  const depends = modinfo ? getModinfo(modinfo.bytes, 'depends') : null;
  return depends ? depends.split(',').filter(name => name !== '') : [];
}

/** About sixty cases, evenly drawn from each kind. */
export function stockCases(modulesDir: string): Case[] {
  const files = listAll(modulesDir);
  const places = new Map(files.map(file => [nameOf(file), file]));
  const order = (file: string, into: string[]): string[] => {
    if (into.includes(file)) return into;
    for (const name of dependsOf(modulesDir, file)) {
      const needed = places.get(name.replaceAll('-', '_'));
      if (needed !== undefined) order(needed, into);
    }
    if (!into.includes(file)) into.push(file);
    return into;
  };
  return KINDS.flatMap(([below, count]) => {
    const kind = files.filter(file => below.test(file) && !LOUD.test(file));
    const drawn = Array.from(
      { length: Math.min(count, kind.length) },
      (_, i) => kind[Math.floor(((i + 0.5) * kind.length) / count)],
    );
    return [...new Set(drawn)].flatMap(file => {
      if (file === undefined) return [];
      const chain = order(file, []);
      if (chain.length > MOST_DEEP || chain.some(one => SETS_PARAMETERS.test(one))) return [];
      return testCase(`stock/${file.replace(/^kernel\/|\.ko$/g, '')}`, ...chain.map(stock => insmod({ stock })));
    });
  });
}
