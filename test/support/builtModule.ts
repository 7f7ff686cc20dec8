// Modules made section by section that a recorded kernel loads: for layouts and tables no compiler would write.
import type { KernelFacts } from '../../src/target/types';
import { makeElf, type SectionSpec } from './elf';

const SHF = { WRITE: 1, ALLOC: 2, EXEC: 4 } as const;
const NAME_OFFSET = 24;

/** A section by its flag letters, as readelf shows them. */
export function section(name: string, letters: string, size: number, align: number, nobits = false): SectionSpec {
  const flags =
    (letters.includes('W') ? SHF.WRITE : 0) |
    (letters.includes('A') ? SHF.ALLOC : 0) |
    (letters.includes('X') ? SHF.EXEC : 0);
  if (nobits) return { name, type: 8, flags, align, size, data: new Uint8Array() };
  return { name, flags, align, data: new Uint8Array(size) };
}

export interface BuiltModule {
  readonly name?: string;
  /** Sections between .modinfo and .gnu.linkonce.this_module. */
  readonly sections?: readonly SectionSpec[];
  /** Sections behind it. */
  readonly after?: readonly SectionSpec[];
  /** Names of undefined symbols, in the order of the symbol table. */
  readonly undefinedSymbols?: readonly string[];
  readonly modinfo?: readonly string[];
}

/** A module with neither init nor exit, which a kernel with these facts and without MODVERSIONS takes. */
export function buildModule(facts: KernelFacts, module: BuiltModule = {}): { path: string; bytes: Uint8Array } {
  const { name = 'built', sections = [], after = [], undefinedSymbols = [], modinfo = [] } = module;
  const info = [`name=${name}`, `vermagic=${facts.vermagic}`, 'license=GPL', 'intree=Y', 'retpoline=Y', ...modinfo];
  const thisModule = Buffer.alloc(facts.structModule?.size ?? 0);
  thisModule.write(name, NAME_OFFSET, 'latin1');
  const strings = Buffer.from('\0' + undefinedSymbols.map(symbol => symbol + '\0').join(''), 'latin1');
  const symtab = Buffer.alloc(24 * (undefinedSymbols.length + 1));
  for (const [i, symbol] of undefinedSymbols.entries()) {
    const at = 24 * (i + 1);
    symtab.writeUInt32LE(strings.indexOf('\0' + symbol + '\0') + 1, at);
    symtab.writeUInt8(0x10, at + 4);
  }
  const bytes = makeElf([
    { name: '.modinfo', flags: SHF.ALLOC, data: Buffer.from(info.map(entry => entry + '\0').join(''), 'latin1') },
    ...sections,
    { name: '.gnu.linkonce.this_module', flags: SHF.ALLOC | SHF.WRITE, align: 64, data: thisModule },
    ...after,
    { name: '.symtab', type: 2, align: 8, data: symtab, link: '.strtab' },
    { name: '.strtab', type: 3, data: strings },
  ]);
  return { path: `${name}.ko`, bytes };
}
