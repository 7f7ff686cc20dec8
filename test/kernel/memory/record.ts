// Reads modules back from the memory of a real kernel, and records digests of what was found.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cpioArchive } from '../../../src/host/node/boot/cpio';
import { KoFile, type KoSection } from '../lib/koFile';
import type { LabKernel } from '../lib/kernels';
import { fixturesDir, labDir } from '../lib/paths';
import { runMachine } from '../lib/qemu';
import { applyRecipe, fixturesIn, isStock, readFixtureModule, type ModuleSpec } from '../lib/recipe';
import { EXECUTABLE, ModuleFiles, stepLine, word } from '../lib/record';
import type { ModuleDump } from '../lib/recording';
import { progress } from '../lib/shell';
import { readStockModule } from '../lib/stock';
import { SectionWriter } from '../lib/storedDumps';
import { comparable, mask, type Contents } from './mask';
import type { MemoryCase } from './plan';
import { digest, memoryFile, type MemoryRecording, type RecordedMemory } from './recording';

const MODULE_NAME_OFFSET = 24;

/** A file of a case, as built. */
export function readModule(kernel: { release: string; modules: string }, spec: ModuleSpec): KoFile {
  const bytes = isStock(spec)
    ? applyRecipe(readStockModule(kernel.modules, spec.stock), spec)
    : readFixtureModule(fixturesDir(kernel.release), spec);
  return new KoFile(isStock(spec) ? spec.stock : spec.fixture, bytes);
}

export function moduleName(ko: KoFile): string {
  return ko.stringAt(ko.section('.gnu.linkonce.this_module').sh_offset + MODULE_NAME_OFFSET);
}

/** The sections to read: of several with one name the kernel shows the first. */
export function comparedSections(ko: KoFile, quiet: boolean): KoSection[] {
  const first = ko.sections.filter(s => ko.section(s.name) === s);
  return first.filter(section => comparable(section, quiet));
}

/** A symbol in per-cpu data, by which its place is found. */
export function percpuSymbol(ko: KoFile): { name: string; value: bigint } | null {
  if (!ko.hasSection('.data..percpu')) return null;
  const { index } = ko.section('.data..percpu');
  const found = ko.symbols.find(s => s.st_shndx === index && s.name !== '');
  return found ? { name: found.name, value: found.st_value } : null;
}

interface Heard {
  readonly op: string;
  readonly id?: string;
  readonly name?: string;
  readonly section?: string;
  readonly bytes?: string;
  readonly errno?: number;
  readonly dumps?: Readonly<Record<string, ModuleDump>>;
  readonly symbols?: Readonly<Record<string, string>>;
}

function script(kernel: LabKernel, cases: readonly MemoryCase[], files: ModuleFiles): string {
  const lines = cases.flatMap(({ id, modules, quiet }, i) => {
    const ko = readModule(kernel, modules.at(-1) ?? { fixture: id });
    const name = moduleName(ko);
    const reads = comparedSections(ko, quiet).map(s => ['memory', word(name), word(s.name), s.sh_size].join('\t'));
    const loads = modules.map(module => stepLine({ op: 'insmod', module }, files));
    // Per-cpu symbols are there only while their module is.
    const symbols = i === cases.length - 1 || percpuSymbol(ko) ? ['symbols'] : [];
    return [`case\t${word(id)}`, ...loads, ...reads, ...symbols, 'end'];
  });
  return lines.map(line => `${line}\n`).join('');
}

/** Names to look up: what the modules leave undefined, and their per-cpu symbols. */
function wantedSymbols(kernel: LabKernel, cases: readonly MemoryCase[]): string {
  const names = new Set<string>();
  for (const spec of cases.flatMap(c => c.modules)) {
    const ko = readModule(kernel, spec);
    for (const { name, st_shndx } of ko.symbols) if (st_shndx === 0 && name !== '') names.add(name);
    const percpu = percpuSymbol(ko);
    if (percpu) names.add(`${moduleName(ko)}:${percpu.name}`);
  }
  return [...names].sort().join('\n');
}

function recordCase(
  kernel: LabKernel,
  asked: MemoryCase,
  heard: readonly Heard[],
  symbols: ReadonlyMap<string, string>,
  sections: SectionWriter,
): RecordedMemory | null {
  const dumps = heard.findLast(line => line.op === 'insmod' && line.errno === 0)?.dumps ?? {};
  const files = asked.modules.map(spec => readModule(kernel, spec));
  const last = files.at(-1);
  // A module whose init refuses to run without its hardware is gone again.
  if (!last || files.some(ko => !dumps[moduleName(ko)]?.sections)) return null;
  const loaded = files.map(ko => {
    const name = moduleName(ko);
    const percpu = percpuSymbol(ko);
    const at = percpu ? symbols.get(`${name}:${percpu.name}`) : undefined;
    const base = percpu && at !== undefined ? { percpu: `0x${(BigInt(`0x${at}`) - percpu.value).toString(16)}` } : {};
    return { name, sections: sections.store(dumps[name]?.sections ?? {}), ...base };
  });
  const memory = new Map<number, Contents>();
  for (const section of comparedSections(last, asked.quiet)) {
    const read = heard.find(line => line.op === 'memory' && line.section === section.name);
    const bytes = Buffer.from(read?.bytes ?? '', 'hex');
    if (bytes.length !== section.sh_size) throw new Error(`${asked.id}: ${section.name} could not be read`);
    const address = BigInt(dumps[moduleName(last)]?.sections?.[section.name] ?? '0');
    memory.set(section.index, { name: section.name, address, bytes });
  }
  const shown = dumps[moduleName(last)]?.sections ?? {};
  const addressOf = (name: string): bigint | null => (shown[name] === undefined ? null : BigInt(shown[name]));
  const digests = Object.fromEntries(
    [...mask(last, memory, addressOf)].map(([index, bytes]) => [String(index), digest(bytes)]),
  );
  return { ...asked, loaded, digests };
}

/** Boots once, loads and reads everything, and writes recorded/RELEASE/memory.json. */
export async function recordMemory(kernel: LabKernel, probe: Uint8Array, cases: readonly MemoryCase[]): Promise<void> {
  const dir = path.join(labDir(), 'run', kernel.key);
  mkdirSync(dir, { recursive: true });
  const files = new ModuleFiles(kernel.modules, fixturesIn(fixturesDir(kernel.release)));
  const text = script(kernel, cases, files);
  const initrd = path.join(dir, 'initrd');
  const archive = cpioArchive([
    { name: 'init', bytes: probe, mode: EXECUTABLE },
    { name: 'cases', bytes: Buffer.from(text, 'latin1') },
    { name: 'symbols', bytes: Buffer.from(wantedSymbols(kernel, cases), 'latin1') },
    ...files.files,
  ]);
  writeFileSync(initrd, archive);
  const { output } = await runMachine(kernel.vmlinuz, initrd, '', dir);
  const lines = output.split('\n').flatMap((line): Heard[] => (line === '' ? [] : [JSON.parse(line) as Heard]));
  const symbols = new Map(lines.flatMap(line => Object.entries(line.symbols ?? {})));
  const sections = new SectionWriter();
  const recorded = cases.flatMap(asked => {
    const start = lines.findIndex(line => line.op === 'case' && line.id === asked.id);
    const end = lines.findIndex((line, i) => i > start && line.op === 'case');
    const heard = lines.slice(start, end < 0 ? undefined : end);
    return recordCase(kernel, asked, heard, symbols, sections) ?? [];
  });
  const kernelSymbols = Object.fromEntries([...symbols].filter(([name]) => !name.includes(':')).sort());
  const recording: MemoryRecording = { symbols: kernelSymbols, cases: recorded };
  writeFileSync(memoryFile(kernel.release), writeMemory(recording));
  progress(`${kernel.key}: memory of ${recorded.length} modules recorded`);
}

/** One case per line. */
function writeMemory({ symbols, cases }: MemoryRecording): string {
  const lines = cases.map(one => `    ${JSON.stringify(one)}`);
  return `{\n  "symbols": ${JSON.stringify(symbols)},\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
