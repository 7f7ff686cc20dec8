// A vmlinux is hundreds of megabytes with debug information: only its headers and the section wanted are read.
import type { BaseBtf } from '../types';
import { nameString } from '../../formats/bytes/strings';
import { declaredFormat, hasElfMagic, readEhdr, readShdrs, structSizes, type Shdr } from '../../formats/elf/header';
import { InputError, isThere, withFileParts, type FileParts } from '../../host/node/files';

/** The raw BTF in a vmlinux's .BTF section; null when there is no such file, it is no ELF file or has no BTF. */
export function readVmlinuxBtf(path: string): BaseBtf | null {
  if (!isThere(path)) return null;
  try {
    const bytes = withFileParts(path, file => readSection(file, '.BTF'));
    return bytes && { bytes, source: `.BTF of ${path}` };
  } catch (error) {
    // A vmlinux that cannot be read leaves the target usable; what needs BTF says that it is not there.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The release in the banner of a vmlinux ("Linux version RELEASE (...)"); null when it is no kernel. */
export function readVmlinuxRelease(path: string): string | null {
  const rodata = withFileParts(path, file => readSection(file, '.rodata'));
  if (!rodata) return null;
  const text = Buffer.from(rodata.buffer, rodata.byteOffset, rodata.byteLength);
  for (let at = text.indexOf(BANNER); at >= 0; at = text.indexOf(BANNER, at + 1)) {
    const release = /^Linux version (\d[^\s(]*) \(/.exec(text.toString('latin1', at, at + 200))?.[1];
    if (release) return release;
  }
  return null;
}

const BANNER = 'Linux version ';

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
