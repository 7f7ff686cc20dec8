// The engine against recorded memory: the same modules at the same addresses must become the same bytes.
import { existsSync, readFileSync } from 'node:fs';
import { System, type TracedLoad } from '../../../src/index';
import type { KernelFacts } from '../../../src/target/types';
import type { MemoryAt } from '../../../src/linux/kernel/module/types';
import type { KoFile } from '../lib/koFile';
import { isStock } from '../lib/recipe';
import { SectionReader, type SectionAddresses } from '../lib/storedDumps';
import { findModulesDir } from '../lib/stock';
import { mask, type Contents } from './mask';
import { comparedSections, readModule } from './record';
import { digest, memoryFile, type MemoryRecording, type RecordedMemory } from './recording';

export interface MemoryReport {
  /** Modules all of whose sections agree, of those compared. */
  readonly agreeing: number;
  readonly total: number;
  readonly sections: number;
  readonly disagreements: readonly { readonly id: string; readonly expected: string; readonly got: string }[];
}

export function hasMemory(release: string): boolean {
  return existsSync(memoryFile(release));
}

/** Where each region of a module lay, from the addresses of its sections and their places in the engine's layout. */
function regionBases(traced: TracedLoad, addresses: SectionAddresses): Map<string, bigint> {
  const bases = new Map<string, bigint>();
  const seen = new Set<string>();
  for (const { name, region, offset, bytes } of traced.memory()) {
    const address = addresses[name];
    // Of several sections with one name the kernel shows the first; of empty ones it shows none.
    if (address === undefined || seen.has(name) || bytes.length === 0) continue;
    seen.add(name);
    bases.set(region, BigInt(address) - BigInt(offset));
  }
  return bases;
}

interface Loaded {
  readonly ko: KoFile;
  readonly traced: TracedLoad;
}

/** Loads the modules of a case, each twice: once to see where its sections come to lie, once at the right addresses. */
function loadAll(
  facts: KernelFacts,
  symbolsAt: ReadonlyMap<string, bigint>,
  { modules, loaded }: RecordedMemory,
  addresses: readonly SectionAddresses[],
  files: readonly KoFile[],
): Loaded | null {
  const bases = new Map<string, Map<string, bigint>>();
  const memoryAt: MemoryAt = (module, region) => bases.get(module)?.get(region) ?? null;
  let last: Loaded | null = null;
  for (const round of files.keys()) {
    for (const final of [false, true]) {
      const system = new System(facts, { memoryAt, symbolsAt });
      for (const [i, ko] of files.slice(0, round + 1).entries()) {
        const traced = system.trace({ path: `${modules[i] ? ko.fixture : ''}`, bytes: ko.bytes });
        if (i < round) continue;
        const { name, percpu } = loaded[i] ?? { name: '' };
        if (!final) bases.set(name, regionBases(traced, addresses[i] ?? {}));
        if (!final && percpu !== undefined) bases.get(name)?.set('percpu', BigInt(percpu));
        last = { ko, traced };
      }
    }
  }
  return last;
}

/** Replays all cases whose modules are at hand. */
export function replayMemory(release: string, facts: KernelFacts): MemoryReport {
  const recording = JSON.parse(readFileSync(memoryFile(release), 'utf8')) as MemoryRecording;
  const known = new Map(Object.entries(recording.symbols).map(([name, at]) => [name, BigInt(`0x${at}`)]));
  const reader = new SectionReader();
  const modules = findModulesDir(release);
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let [agreeing, total, sections] = [0, 0, 0];
  for (const recorded of recording.cases) {
    const addresses = recorded.loaded.map(({ sections: stored }) => reader.restore(stored));
    if (modules === null && recorded.modules.some(isStock)) continue;
    const files = recorded.modules.map(spec => readModule({ release, modules: modules ?? '' }, spec));
    const result = loadAll(facts, known, recorded, addresses, files);
    const got = result ? digestsOf(result, recorded.quiet) : {};
    const wrong = Object.entries(recorded.digests).filter(([index, expected]) => got[index] !== expected);
    const name = (index: string): string => result?.ko.sections[Number(index)]?.name ?? index;
    total++;
    sections += Object.keys(recorded.digests).length;
    if (wrong.length === 0) agreeing++;
    else
      disagreements.push({
        id: recorded.id,
        expected: wrong.map(([index, expected]) => `${name(index)} ${expected}`).join(', '),
        got: wrong.map(([index]) => `${name(index)} ${got[index] ?? 'nothing'}`).join(', '),
      });
  }
  return { agreeing, total, sections, disagreements };
}

function digestsOf({ ko, traced }: Loaded, quiet: boolean): Record<string, string> {
  const wanted = new Set(comparedSections(ko, quiet).map(({ index }) => index));
  const memory = new Map<number, Contents>();
  const all = traced.memory();
  for (const { index, name, address, bytes } of all) if (wanted.has(index)) memory.set(index, { name, address, bytes });
  const addressOf = (name: string): bigint | null => all.find(section => section.name === name)?.address ?? null;
  return Object.fromEntries([...mask(ko, memory, addressOf)].map(([index, bytes]) => [String(index), digest(bytes)]));
}
