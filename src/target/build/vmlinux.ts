// A vmlinux is hundreds of megabytes with debug information: only its headers and the section wanted are read.
import type { BaseBtf } from '../types';
import { byteString, nameString, toBytes } from '../../formats/bytes/strings';
import { declaredFormat, hasElfMagic, readEhdr, readShdrs, structSizes, type Shdr } from '../../formats/elf/header';
import { InputError, type FileParts, type TargetFiles } from '../files';

/** The raw BTF in a vmlinux's .BTF section; null when there is no such file, it is no ELF file or has no BTF. */
export function readVmlinuxBtf(path: string, files: TargetFiles): BaseBtf | null {
  if (!files.isThere(path)) return null;
  try {
    const bytes = files.withParts(path, file => readSection(file, '.BTF'));
    return bytes && { bytes, source: `.BTF of ${path}` };
  } catch (error) {
    // A vmlinux that cannot be read leaves the target usable; what needs BTF says that it is not there.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Whether a file is of the format that a vmlinux has. Never throws. */
export function isElf(path: string, files: TargetFiles): boolean {
  try {
    return files.withParts(path, file => hasElfMagic(file.read(0, 64)));
  } catch {
    return false;
  }
}

/** The release in the banner of a vmlinux ("Linux version RELEASE (...)"); null when it is no kernel. */
export function readVmlinuxRelease(path: string, files: TargetFiles): string | null {
  const rodata = files.withParts(path, file => readSection(file, '.rodata'));
  if (!rodata) return null;
  const first = BANNER[0] ?? 0;
  for (let at = rodata.indexOf(first); at >= 0; at = rodata.indexOf(first, at + 1)) {
    if (BANNER.some((byte, i) => rodata[at + i] !== byte)) continue;
    const release = /^Linux version (\d[^\s(]*) \(/.exec(byteString(rodata, at, at + 200))?.[1];
    if (release) return release;
  }
  return null;
}

const BANNER = toBytes('Linux version ');

function readSection(file: FileParts, name: string): Uint8Array | null {
  const header = file.read(0, 64);
  if (!hasElfMagic(header)) return null;
  const format = declaredFormat(header);
  const ehdr = readEhdr(header, format);
  const table = file.read(ehdr.e_shoff, ehdr.e_shnum * structSizes(format.is64).shdr);
  const shdrs = readShdrs(table, format, { ...ehdr, e_shoff: 0 });
  const read = (shdr: Shdr | undefined): Uint8Array => file.read(shdr?.sh_offset ?? 0, shdr?.sh_size ?? 0);
  const names = read(shdrs[ehdr.e_shstrndx]);
  const found = shdrs.find(shdr => nameString(names, shdr.sh_name) === name);
  return found ? read(found) : null;
}
