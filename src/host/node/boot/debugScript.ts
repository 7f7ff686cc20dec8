// A script for gdb: symbols of modules at their real addresses, and a breakpoint where init begins.
import { EM_X86_64, SHT_REL, SHT_RELA } from '../../../formats/elf/constants';
import { openDwarf } from '../../../formats/dwarf/dwarf';
import { openObject } from '../../../formats/ko/objectFile';
import type { RealStep } from '../../../report/boot/types';
import { inflate } from '../../places/inflate';
import type { BootMachine } from './machines';

export interface DebuggedModule {
  /** A file that gdb reads symbols from: see symbolFile.ts. */
  readonly symbols: string;
  readonly bytes: Uint8Array;
  /** How it was loaded in a boot with the same addresses. */
  readonly step: RealStep;
}

/** Lines for `gdb -x`. The last of the modules is the one whose init is stopped at. */
export function debugScript({ gdb, elf }: BootMachine, modules: readonly DebuggedModule[], port: number): string {
  const last = modules.at(-1);
  const init = last ? initAddress(last) : null;
  return [
    '# Written by insmod-lens boot --gdb. Run: gdb -x THIS-FILE',
    'set pagination off',
    'set confirm off',
    // Until it has connected, gdb assumes the architecture it runs on and cuts longer addresses.
    `set architecture ${gdb}`,
    `set endian ${elf.littleEndian ? 'little' : 'big'}`,
    ...modules.map(symbolsOf),
    `target remote 127.0.0.1:${port}`,
    ...(init ? [`thbreak *${init}`, 'continue'] : []),
    '',
  ].join('\n');
}

/** Sections that a debugger places: those with a name that is one word. */
function symbolsOf({ symbols, step }: DebuggedModule): string {
  const sections = Object.entries(step.shown?.sections ?? {}).filter(
    ([name, address]) => /^[\w.]+$/.test(name) && /^0x[0-9a-f]+$/.test(address) && !NOT_LOADED.has(name),
  );
  return `add-symbol-file ${quoted(symbols)} ${sections.map(([name, address]) => `-s ${name} ${address}`).join(' ')}`;
}

/** Tables that the kernel copies, and which are no part of the program. */
const NOT_LOADED: ReadonlySet<string> = new Set(['.symtab', '.strtab']);

const quoted = (path: string): string => `"${path.replace(/["\\]/g, '\\$&')}"`;

/** Null for a module without init, or when its section was not seen. */
function initAddress({ bytes, step }: DebuggedModule): string | null {
  const object = openObject(bytes);
  const found = object && initSymbol(object);
  const base = found && step.shown?.sections[object.sectionNames[object.symbols.section(found)] ?? ''];
  if (!base) return null;
  const start = object.symbols.value(found) + beforeFirstLine(object, found);
  return `0x${(BigInt(base) + BigInt(start)).toString(16)}`;
}

/** More than the entry that any architecture leaves for tracers to patch, in bytes. */
const MOST_PATCHED = 32;

/**
 * Bytes of a function before its first line of C. GCC begins debug information behind the instructions that tracers patch
 * (-fpatchable-function-entry of arm64 and riscv64): a debugger that stops before them shows no source. 0 without any line.
 */
function beforeFirstLine(object: Opened, symbol: number): number {
  const dwarf = openDwarf(object, inflate);
  const place = object.placeOfSymbol(symbol);
  for (let at = 0; at < MOST_PATCHED; at++) if (dwarf?.lineAt(place + at)) return at;
  return 0;
}

type Opened = NonNullable<ReturnType<typeof openObject>>;

function initSymbol({ symbols }: Opened): number | null {
  for (let i = 1; i < symbols.count; i++) if (symbols.name(i) === 'init_module') return i;
  return null;
}

const THIS_MODULE = '.gnu.linkonce.this_module';

/**
 * The module with its init out of reach, so that a boot can tell its addresses without running it: the pointer in struct module
 * stays empty. A module without exit is returned as it is, since nothing else there is free to be written.
 */
export function withoutInit(bytes: Uint8Array): Uint8Array {
  const object = openObject(bytes);
  const target = object?.sections.find(THIS_MODULE)?.index;
  const relocations = target === undefined ? undefined : object?.relocations.get(target);
  const table = object?.sections.shdrs.find(({ sh_info, sh_type }) => sh_info === target && TABLES.has(sh_type));
  if (!object || !relocations || !table) return bytes;
  const at = (name: string): number => {
    for (let i = 0; i < relocations.count; i++) if (object.symbols.name(relocations.symbol(i)) === name) return i;
    return -1;
  };
  const [init, exit] = [at('init_module'), at('cleanup_module')];
  if (init < 0 || exit < 0 || table.sh_entsize === 0) return bytes;
  const changed = Uint8Array.from(bytes);
  const { is64, littleEndian } = object.sections.format;
  const view = new DataView(changed.buffer);
  const place = table.sh_offset + init * table.sh_entsize;
  // x86_64 takes no relocation of a place that is written already, but one of type R_X86_64_NONE.
  if (object.machine === EM_X86_64) view.setUint32(place + R_INFO, 0, littleEndian);
  else if (is64) view.setBigUint64(place, BigInt(relocations.offset(exit)), littleEndian);
  else view.setUint32(place, relocations.offset(exit), littleEndian);
  return changed;
}

/** Offset of r_info, whose first half is the type in this byte order. */
const R_INFO = 8;

const TABLES: ReadonlySet<number> = new Set([SHT_RELA, SHT_REL]);
