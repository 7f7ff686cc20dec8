// All cases for a kernel, arranged in boots.
import type { BootPlan } from '../lib/record';
import { argumentStrings } from './arguments';
import { specialBoots } from './boots';
import { btfBoots } from './btf';
import { elfHeader } from './elfHeader';
import type { Kit, Topic } from './kit';
import { lifecycle } from './lifecycle';
import { linking } from './linking';
import { modinfo } from './modinfo';
import { randomMutants } from './mutants';
import { parameters } from './parameters';
import { relocations } from './relocations';
import { sections } from './sections';
import { signatures } from './signatures';
import { signedBoots } from './signed';
import { stockModules } from './stock';
import { stockBoots } from './stockSets';
import { structModuleBoots } from './structModule';
import { structures } from './structures';
import { symbols } from './symbols';
import { versions } from './versions';
import { wide } from './wide';

/** Topics that share the main boot. A case that crashes the machine only costs a restart. */
const MAIN: readonly Topic[] = [
  ...[parameters, argumentStrings, elfHeader, signatures, versions, linking, lifecycle, stockModules],
  ...[modinfo, symbols, relocations, sections, structures, randomMutants],
  ...wide,
];

/** The boots to run on a kernel, in order. */
export function allBoots(kit: Kit): BootPlan[] {
  const cases = MAIN.flatMap(topic => topic(kit));
  const ids = cases.map(c => c.id);
  const repeated = ids.find((id, i) => ids.indexOf(id) !== i);
  if (repeated !== undefined) throw new Error(`two cases are called ${repeated}`);
  const main: BootPlan = { boot: 'main', cmdline: '', cases };
  return [
    main,
    ...specialBoots(kit),
    ...stockBoots(kit),
    ...signedBoots(kit),
    ...btfBoots(kit),
    ...structModuleBoots(kit),
  ];
}
