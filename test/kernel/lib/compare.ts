// Holds one answer of the engine against one answer of a real kernel, field by field.
import type { EngineModule, EngineParameter, EngineRegion, EngineRemoval, EngineResult } from './engine';
import { logLines } from './engine';
import { normaliseLog } from '../../../src/report/boot/normaliseLog';
import type { Answer, ModuleDump } from './recording';

export const FIELDS = [
  'verdict',
  'errno',
  'log',
  'layout',
  'coresize',
  'taints',
  'params',
  'holders',
  'crash',
  'exception',
] as const;
export type Field = (typeof FIELDS)[number];

/** The outcome for one field; `expected` is the kernel's, `got` the engine's. */
export interface Comparison {
  readonly field: Field;
  readonly agrees: boolean;
  readonly expected: string;
  readonly got: string;
}

const PAGE_SIZE = 4096n;

function same(field: Field, expected: string | number, got: string | number): Comparison {
  return { field, agrees: String(expected) === String(got), expected: String(expected), got: String(got) };
}

function sameLists(field: Field, expected: readonly string[], got: readonly string[]): Comparison {
  return same(field, expected.join('\n'), got.join('\n'));
}

/** Sections the kernel would list: not empty, and not the loader's own bytes, which are named in angle brackets. */
function listed(region: EngineRegion): EngineRegion['sections'] {
  return region.sections.filter(section => section.size > 0 && !section.name.startsWith('<'));
}

/**
 * Compares the layout with the addresses the kernel gave. Where a region begins is not known, but every section of it
 * must lead to the same beginning, and memory for modules comes in whole pages.
 */
export function compareLayout(
  addresses: Readonly<Record<string, string>>,
  regions: readonly EngineRegion[],
): Comparison {
  const complaints: string[] = [];
  const expectedNames = new Set(Object.keys(addresses));
  const seen = new Set<string>();
  for (const region of regions.filter(r => r.name !== 'percpu')) {
    const base = new Map<bigint, string>();
    for (const section of listed(region)) {
      // Of several sections with one name the kernel lists the first.
      if (seen.has(section.name)) continue;
      seen.add(section.name);
      const address = addresses[section.name];
      if (address === undefined) complaints.push(`${section.name} is not in the kernel's list`);
      else base.set(BigInt(address) - BigInt(section.offset), section.name);
    }
    if (base.size > 1)
      complaints.push(
        `${region.name} would begin at ${[...base].map(([at, by]) => `${at.toString(16)} by ${by}`).join(', ')}`,
      );
    for (const [at, by] of base)
      if (at % PAGE_SIZE !== 0n) complaints.push(`${region.name} begins within a page by ${by}`);
  }
  for (const name of expectedNames) if (!seen.has(name)) complaints.push(`${name} is missing`);
  const got = complaints.length === 0 ? 'as the kernel' : complaints.join('; ');
  return { field: 'layout', agrees: complaints.length === 0, expected: 'as the kernel', got };
}

/** sysfs gives values with the final newline already removed by the probe; files that cannot be read are not compared. */
function parameterLines(values: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .sort();
}

/** A value that only code of the module could tell (custom operations) is taken from the recording. */
function engineParameterLines(params: readonly EngineParameter[], recorded: ModuleDump['parameters']): string[] {
  const visible = params.filter(p => p.perm !== 0 && recorded[p.name] !== null);
  const value = (p: EngineParameter): string => p.value?.replace(/\n$/, '') ?? recorded[p.name] ?? '(unknown)';
  return parameterLines(Object.fromEntries(visible.map(p => [p.name, value(p)])));
}

/** The taint letters without the brackets and state marks of /proc/modules. */
function letters(taints: string): string {
  return taints.replace(/[()+-]/g, '');
}

function use(dump: ModuleDump): string {
  return `refcount ${dump.refcnt}, held by ${[...dump.holders].sort().join(' ')}`;
}

function engineUse(module: EngineModule): string {
  return `refcount ${module.refcount}, held by ${[...module.holders].sort().join(' ')}`;
}

/** Compares what a kernel showed of a module present after a step with the engine's entry for it. */
function compareModule(name: string, dump: ModuleDump, module: EngineModule | undefined): Comparison[] {
  if (!module) return [same('holders', `${name} is loaded`, `${name} is not loaded`)];
  return [
    same('coresize', `${name} ${dump.coresize}`, `${name} ${module.coresize}`),
    same('taints', `${name} ${letters(dump.taint)}`, `${name} ${letters(module.taints)}`),
    sameLists('params', parameterLines(dump.parameters), engineParameterLines(module.params, dump.parameters)),
    same('holders', `${name} ${use(dump)}`, `${name} ${engineUse(module)}`),
  ];
}

function compareDumps(dumps: Readonly<Record<string, ModuleDump>>, modules: readonly EngineModule[]): Comparison[] {
  const recorded = Object.entries(dumps);
  const extra = modules
    .filter(m => !(m.name in dumps))
    .map(m => same('holders', `${m.name} is not loaded`, `${m.name} is loaded`));
  return [
    ...recorded.flatMap(([name, dump]) =>
      compareModule(
        name,
        dump,
        modules.find(m => m.name === name),
      ),
    ),
    ...extra,
  ];
}

/**
 * Compares the result of a load itself with what the kernel showed of the new module. Kernels up to 6.1 show
 * no section at all when two would have the same name.
 */
function compareResult(dump: ModuleDump, result: EngineResult): Comparison[] {
  return [
    ...(dump.sections && Object.keys(dump.sections).length > 0
      ? [compareLayout(dump.sections, result.layout.regions)]
      : []),
    same('coresize', dump.coresize, result.layout.coresize),
    same('taints', letters(dump.taint), letters(result.taints)),
    sameLists('params', parameterLines(dump.parameters), engineParameterLines(result.params, dump.parameters)),
  ];
}

/** Every comparison that one insmod allows. */
export function compareInsmod(answer: Answer, result: EngineResult, modules: readonly EngineModule[]): Comparison[] {
  const dump = answer.dumps?.[result.module.name];
  return [
    same('verdict', answer.loaded ? 'loads' : 'refused', result.verdict),
    same('errno', answer.errno ?? 0, result.errno),
    sameLists('log', normaliseLog(answer.log ?? []), normaliseLog(logLines(result.log))),
    ...(dump ? compareResult(dump, result) : []),
    ...(answer.dumps ? compareDumps(answer.dumps, modules) : []),
  ];
}

/** Every comparison that one rmmod allows. */
export function compareRmmod(answer: Answer, result: EngineRemoval): Comparison[] {
  const log = sameLists('log', normaliseLog(answer.log ?? []), normaliseLog(logLines(result.log)));
  return [same('errno', answer.errno ?? 0, result.errno), log];
}
