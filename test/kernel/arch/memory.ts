// What relocations made of a module in the memory of a kernel, byte by byte: recorded as digests, made again by the engine.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { System } from '../../../src/index';
import type { KernelFacts } from '../../../src/target/types';
import { cpioArchive } from '../../../src/host/node/boot/cpio';
import { casesFile, fixturesDir, labDir, recordedDir } from '../lib/paths';
import { runMachine } from '../lib/qemu';
import { fixturesIn, isStock, readFixtureModule, type FixtureModule } from '../lib/recipe';
import { EXECUTABLE, ModuleFiles, stepLine, word } from '../lib/record';
import { readRecording, type ModuleDump } from '../lib/recording';
import { progress } from '../lib/shell';
import { SectionReader, SectionWriter, type SectionAddresses, type StoredSections } from '../lib/storedDumps';
import { ArchKo } from './archKo';
import type { ArchLabKernel } from './kernels';

/** Of these cases the memory is read: each has its relocations in sections that nothing changes later. */
const READ = /^(?:relocation|data|drawn\/entry|accumulated|halves|packed|error-value)\//;
/** Stubs of ppc64le are not among them: that of _mcount() counts from the TOC of the kernel. */
const SECTIONS = ['suite_code', 'suite_places', '.plt', '.got'];
/** Of sections that were empty in the file; there is always room for an entry. */
const PREPARED_BYTES = 12;

interface MemoryCase {
  readonly id: string;
  readonly module: FixtureModule;
}

interface RecordedMemory {
  readonly id: string;
  readonly sections: StoredSections;
  readonly digests: Readonly<Record<string, string>>;
}

export interface ArchMemoryReport {
  readonly sections: number;
  readonly disagreements: readonly string[];
}

const fileOf = (release: string): string => path.join(recordedDir(release), 'memory.json.br');

export const hasArchMemory = (release: string): boolean => existsSync(fileOf(release));

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Cases of a recording that the kernel loaded. */
function loadedCases(release: string): MemoryCase[] {
  return readRecording(casesFile(release)).flatMap(({ cases }) =>
    cases.flatMap(({ id, steps: [step] }) => {
      if (!READ.test(id) || step?.op !== 'insmod' || !step.loaded || step.crash || isStock(step.module)) return [];
      return [{ id, module: step.module }];
    }),
  );
}

/** The sections to read, with how many bytes. */
function wantedSections(release: string, { module }: MemoryCase): { name: string; size: number }[] {
  const ko = new ArchKo(module.fixture, readFixtureModule(fixturesDir(release), module));
  return SECTIONS.flatMap(name => {
    const section = ko.find(name);
    return section ? [{ name, size: name.startsWith('.') ? PREPARED_BYTES : section.sh_size }] : [];
  });
}

interface Heard {
  readonly op: string;
  readonly id?: string;
  readonly section?: string;
  readonly bytes?: string;
  readonly dumps?: Readonly<Record<string, ModuleDump>>;
}

/** Loads every accepted relocation case once more and reads what became of it; /proc/kcore wants a 64-bit kernel. */
export async function recordArchMemory(kernel: ArchLabKernel, probe: Uint8Array): Promise<void> {
  const { release } = kernel;
  const dir = path.join(labDir(), 'run', kernel.key);
  mkdirSync(dir, { recursive: true });
  const files = new ModuleFiles(kernel.modules, fixturesIn(fixturesDir(kernel.release)));
  const cases = loadedCases(release);
  const lines = cases.flatMap(one => [
    `case\t${word(one.id)}`,
    stepLine({ op: 'insmod', module: one.module }, files),
    ...wantedSections(release, one).map(({ name, size }) => ['memory', 'places', word(name), size].join('\t')),
    'end',
  ]);
  const script = Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1');
  const init = { name: 'init', bytes: probe, mode: EXECUTABLE };
  const initrd = path.join(dir, 'initrd');
  writeFileSync(initrd, cpioArchive([init, { name: 'cases', bytes: script }, ...files.files]));
  const { output } = await runMachine(kernel.vmlinuz, initrd, '', dir, kernel.machine);
  const heard = output.split('\n').flatMap((line): Heard[] => (line === '' ? [] : [JSON.parse(line) as Heard]));
  const writer = new SectionWriter();
  const recorded = cases.map(({ id }): RecordedMemory => {
    const start = heard.findIndex(line => line.op === 'case' && line.id === id);
    const end = heard.findIndex((line, i) => i > start && line.op === 'case');
    const part = heard.slice(start, end < 0 ? undefined : end);
    const shown = part.find(line => line.op === 'insmod')?.dumps?.['places']?.sections ?? {};
    const read = part.flatMap(({ op, section = '', bytes = '' }) =>
      op === 'memory' && bytes !== '' ? [[section, digest(Buffer.from(bytes, 'hex'))] as const] : [],
    );
    return { id, sections: writer.store(shown), digests: Object.fromEntries(read) };
  });
  writeFileSync(fileOf(release), brotliCompressSync(Buffer.from(JSON.stringify(recorded))));
  progress(`${kernel.key}: memory of ${recorded.length} modules recorded`);
}

/** Gives the engine the same addresses: it has to come to the same bytes. */
export function replayArchMemory(release: string, facts: KernelFacts): ArchMemoryReport {
  const text = brotliDecompressSync(readFileSync(fileOf(release))).toString('utf8');
  const byId = new Map(loadedCases(release).map(one => [one.id, one]));
  const reader = new SectionReader();
  const disagreements: string[] = [];
  let sections = 0;
  for (const { id, sections: stored, digests } of JSON.parse(text) as RecordedMemory[]) {
    const addresses = reader.restore(stored);
    const asked = byId.get(id);
    if (!asked) {
      disagreements.push(`${id}: no such case`);
      continue;
    }
    const got = loadAt(release, facts, asked, addresses);
    for (const { name, size } of wantedSections(release, asked)) {
      if (digests[name] === undefined) continue;
      sections++;
      const bytes = got.get(name)?.subarray(0, size);
      if (!bytes || digest(bytes) !== digests[name]) disagreements.push(`${id}: ${name}`);
    }
  }
  return { sections, disagreements };
}

/** Twice: once to see where sections lie in their regions, once with these where the kernel had them. */
function loadAt(
  release: string,
  facts: KernelFacts,
  { module }: MemoryCase,
  addresses: SectionAddresses,
): ReadonlyMap<string, Uint8Array> {
  const file = { path: 'places.ko', bytes: new Uint8Array(readFixtureModule(fixturesDir(release), module)) };
  const bases = new Map<string, bigint>();
  for (const region of new System(facts).insmod(file).layout.regions)
    for (const { name, offset, size } of region.sections) {
      const address = addresses[name];
      if (address !== undefined && size > 0) bases.set(region.name, BigInt(address) - BigInt(offset));
    }
  const system = new System(facts, { memoryAt: (_, region) => bases.get(region) ?? null });
  return new Map(
    system
      .trace(file)
      .memory()
      .map(({ name, bytes }) => [name, bytes]),
  );
}
