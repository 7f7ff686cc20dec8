// Made-up trees of modules below lib/modules/RELEASE, for what depmod and modprobe make of them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeElf } from './elf';

export interface MadeModule {
  /** Entries of .modinfo. */
  readonly modinfo?: readonly string[];
  /** Exported names with their CRCs. */
  readonly exports?: Readonly<Record<string, number>>;
  /** Names wanted, with the CRCs they are wanted by. */
  readonly imports?: Readonly<Record<string, number>>;
  /** Those of `imports` that are weak. */
  readonly weak?: readonly string[];
}

export const RELEASE = '6.6.6-made';

export interface MadeTree {
  /** What -b and -d take. */
  readonly root: string;
  /** lib/modules/RELEASE */
  readonly modules: string;
  remove(): void;
}

/** A tree with these modules, by their paths, and these other files, by theirs below `modules`. */
export function makeTree(
  modules: Readonly<Record<string, MadeModule>>,
  files: Readonly<Record<string, string>> = {},
): MadeTree {
  const root = mkdtempSync(path.join(tmpdir(), 'insmod-lens-'));
  const directory = path.join(root, 'lib/modules', RELEASE);
  const write = (name: string, data: Uint8Array | string): void => {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data);
  };
  for (const [name, module] of Object.entries(modules)) write(name, moduleFile(module));
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { root, modules: directory, remove: () => rmSync(root, { recursive: true }) };
}

const SHN_ABS = 0xfff1;

function moduleFile({ modinfo = [], exports = {}, imports = {}, weak = [] }: MadeModule): Uint8Array {
  const symbols = [
    ...Object.entries(exports).map(([name, value]) => ({ name: `__crc_${name}`, value, section: SHN_ABS, bind: 1 })),
    ...Object.keys(imports).map(name => ({ name, value: 0, section: 0, bind: weak.includes(name) ? 2 : 1 })),
  ];
  const strings = Buffer.from('\0' + symbols.map(({ name }) => name + '\0').join(''), 'latin1');
  const symtab = new DataView(new ArrayBuffer(24 * (symbols.length + 1)));
  let at = 1;
  symbols.forEach(({ name, value, section, bind }, i) => {
    symtab.setUint32(24 * (i + 1), at, true);
    symtab.setUint8(24 * (i + 1) + 4, bind << 4);
    symtab.setUint16(24 * (i + 1) + 6, section, true);
    symtab.setUint32(24 * (i + 1) + 8, value, true);
    at += name.length + 1;
  });
  const versions = Buffer.alloc(64 * Object.keys(imports).length);
  Object.entries(imports).forEach(([name, crc], i) => {
    versions.writeUInt32LE(crc, 64 * i);
    versions.write(name, 64 * i + 8, 'latin1');
  });
  return makeElf([
    { name: '.modinfo', flags: 2, data: Buffer.from(modinfo.map(entry => entry + '\0').join(''), 'latin1') },
    { name: '__versions', flags: 2, data: versions },
    { name: '.symtab', type: 2, data: new Uint8Array(symtab.buffer), link: '.strtab' },
    { name: '.strtab', type: 3, data: strings },
  ]);
}
