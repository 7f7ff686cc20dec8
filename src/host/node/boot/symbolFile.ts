// A file with a module's symbols that gdb places where the kernel put its sections.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readEhdr, structSizes } from '../../../formats/elf/header';
import { openObject } from '../../../formats/ko/objectFile';

/** Offset of sh_addr in a section header. */
const SH_ADDR = { is64: 0x10, is32: 0x0c } as const;

/**
 * The module's own file where gdb can use it, else a copy in `directory`: what is packed is written out, and addresses that the
 * linker left in section headers are cleared.
 */
export function symbolFile(file: string, bytes: Uint8Array, directory: string): string {
  const plain = withoutAddresses(bytes);
  if (plain === bytes && file.endsWith('.ko')) return path.resolve(file);
  const copy = path.join(directory, path.basename(file).replace(/\.ko\..*$/, '.ko'));
  writeFileSync(copy, plain);
  return copy;
}

/**
 * Where any section of an object file has an address, gdb takes the file as placed already, and puts none of its debug
 * information at the addresses of add-symbol-file (gdb/symfile.c, default_symfile_offsets()). Linkers leave one in
 * __patchable_function_entries. The same bytes where there is none.
 */
export function withoutAddresses(bytes: Uint8Array): Uint8Array {
  const sections = openObject(bytes)?.sections;
  if (!sections?.shdrs.some(({ sh_addr }) => sh_addr !== 0n)) return bytes;
  const { is64 } = sections.format;
  const { e_shoff } = readEhdr(bytes, sections.format);
  const changed = Uint8Array.from(bytes);
  const [at, size] = is64 ? [SH_ADDR.is64, 8] : [SH_ADDR.is32, 4];
  for (const index of sections.shdrs.keys()) {
    const start = e_shoff + index * structSizes(is64).shdr + at;
    changed.fill(0, start, start + size);
  }
  return changed;
}
