// Compares the answers of a real kernel with the simulation, fact by fact.
import type { RmmodResult } from '../../system';
import type { LoadResult, ModuleState, RegionResult } from '../types';
import { normaliseLog } from './normaliseLog';
import type { ComparedFact, RealModule, RealStep } from './types';

/** Everything that was simulated of a load and the removal after it. */
export interface Simulated {
  readonly result: LoadResult;
  /** /proc/modules after the load. */
  readonly modules: readonly ModuleState[];
  /** Null where the module was not removed. */
  readonly removal: RmmodResult | null;
}

/** Every fact that both sides have. `removal` is null where the kernel was not asked to remove the module. */
export function compareBoot(simulated: Simulated, load: RealStep, removal: RealStep | null): ComparedFact[] {
  const { result } = simulated;
  const name = result.module.name;
  const real = load.modules.find(module => module.name === name);
  const isLoaded = load.loaded ?? (load.errno === 0 || load.initReturned !== null);
  return [
    fact('verdict', '', result.verdict, isLoaded ? 'loads' : 'refused'),
    fact('errno', '', errnoText(result), errnoText(load)),
    ...logFacts('log', result.log, load.log),
    // Of a module that was refused nothing is shown: what is there has the same name.
    ...(load.shown && load.errno === 0 ? shownFacts(simulated, load.shown, load.initReturned !== null) : []),
    ...(real ? moduleFacts(simulated.modules, load) : []),
    ...(simulated.removal && removal
      ? [
          fact('rmmod', '', errnoText(simulated.removal), errnoText(removal)),
          ...logFacts('rmmod-log', simulated.removal.log, removal.log),
        ]
      : []),
  ];
}

type Kind = ComparedFact['fact'];

function fact(kind: Kind, name: string, simulated: string | null, real: string | null): ComparedFact {
  return { fact: kind, name, simulated, real, outcome: simulated === real ? 'same' : 'differs' };
}

function errnoText({ errno, errnoName }: { readonly errno: number; readonly errnoName: string | null }): string {
  return errnoName === null ? `${errno}` : `${errno} (${errnoName})`;
}

interface Line {
  readonly level: number;
  readonly text: string;
  readonly byInit?: boolean;
}

/**
 * Lines of the loader in their order. Where one side has a line more, it stands alone; a line of the module's init is no
 * difference.
 */
function logFacts(kind: Kind, simulated: readonly Line[], real: readonly Line[]): ComparedFact[] {
  const ours = simulated.flatMap(({ level, text }) => normaliseLog([[level, text]]));
  const theirs = withoutDumps(real);
  const facts: ComparedFact[] = [];
  let at = 0;
  for (const { text, byInit } of theirs) {
    const found = ours.indexOf(text, at);
    if (found < 0) facts.push({ ...fact(kind, '', null, text), outcome: byInit ? 'init' : 'differs' });
    else {
      for (const missed of ours.slice(at, found)) facts.push(fact(kind, '', missed, null));
      facts.push(fact(kind, '', text, text));
      at = found + 1;
    }
  }
  return [...facts, ...ours.slice(at).map(missed => fact(kind, '', missed, null))];
}

/** A dump of the stack goes over many records, so all are read together. */
function withoutDumps(log: readonly Line[]): { readonly text: string; readonly byInit: boolean }[] {
  const byInit = new Set(
    log.filter(line => line.byInit === true).flatMap(({ level, text }) => normaliseLog([[level, text]])),
  );
  return normaliseLog(log.map(({ level, text }) => [level, text] as const)).map(text => ({
    text,
    byInit: byInit.has(text),
  }));
}

function shownFacts({ result, modules }: Simulated, shown: RealModule, hasRun: boolean): ComparedFact[] {
  const state = modules.find(({ name }) => name === result.module.name);
  const size = shown.coresize === null ? [] : [fact('size', '', `${result.layout.coresize}`, shown.coresize)];
  const taints = shown.taint === null ? [] : [fact('taints', '', result.taints, shown.taint)];
  const params = (state?.params ?? result.params).flatMap(({ name, value, perm }) => {
    const real = shown.params[name];
    // Without a value only code of the module could tell.
    if (perm === 0 || value === null || real === undefined) return [];
    const compared = fact('parameter', name, value.replace(/\n$/, ''), real);
    return hasRun && compared.outcome === 'differs' ? { ...compared, outcome: 'init' as const } : compared;
  });
  return [...sectionFacts(result.layout.regions, shown.sections), ...size, ...taints, ...params];
}

/**
 * Where each section lies in its region. A region begins where its first section says; kernels up to 6.1 show no section at
 * all when two would have the same name.
 */
function sectionFacts(regions: readonly RegionResult[], addresses: Readonly<Record<string, string>>): ComparedFact[] {
  if (Object.keys(addresses).length === 0) return [];
  const facts: ComparedFact[] = [];
  const seen = new Set<string>();
  for (const { name: region, sections } of regions) {
    if (region === 'percpu') continue;
    let base: bigint | null = null;
    for (const { name, size, offset } of sections) {
      // A name that cannot be one of a file has nothing below /sys/module.
      if (size === 0 || name === '' || name.startsWith('<') || name.includes('/') || seen.has(name)) continue;
      seen.add(name);
      const address = addresses[name];
      const isNumber = address !== undefined && /^0x[0-9a-f]+$/.test(address);
      if (isNumber) base ??= BigInt(address) - BigInt(offset);
      const real = isNumber && base !== null ? `${region}+${hex(BigInt(address) - base)}` : null;
      facts.push(fact('section', name, `${region}+${hex(BigInt(offset))}`, real));
    }
  }
  for (const name of Object.keys(addresses)) if (!seen.has(name)) facts.push(fact('section', name, null, 'listed'));
  return facts;
}

const hex = (value: bigint): string => (value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`);

/** Lines of /proc/modules, newest first, by module. */
function moduleFacts(modules: readonly ModuleState[], { modules: real }: RealStep): ComparedFact[] {
  const ours = new Map(modules.map(({ name, refcount, holders, taints }) => [name, lineOf(refcount, holders, taints)]));
  const theirs = new Map(real.map(({ name, refcount, holders, taints }) => [name, lineOf(refcount, holders, taints)]));
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].map(name => fact('modules', name, ours.get(name) ?? null, theirs.get(name) ?? null));
}

function lineOf(refcount: number | null, holders: readonly string[], taints: string): string {
  const users = holders.length === 0 ? 'no users' : `used by ${holders.join(', ')}`;
  return `${refcount ?? 0} references, ${users}${taints === '' ? '' : `, taints ${taints}`}`;
}
