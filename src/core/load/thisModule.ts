// struct module as the file holds it, in .gnu.linkonce.this_module.
import { ByteReader } from '../bytes/byteReader';
import { cString } from '../bytes/strings';
import { SHN_UNDEF } from '../elf/constants';
import { structSizes } from '../elf/header';
import { sectionBytes } from './loadInfo';
import type { ModuleMemory } from './memory';
import type { Load } from './types';

/** offsetof(struct module, name) and its size in bytes (include/linux/module.h: after state and list). */
export function nameField(is64: boolean): { offset: number; size: number } {
  return is64 ? { offset: 24, size: 56 } : { offset: 12, size: 60 };
}

/** mod->name: what the module is called once loaded. */
export function thisModuleName(load: Load): string {
  const { info, features } = load;
  const section = info.sechdrs[info.index.mod];
  if (!section) return '';
  const { offset } = nameField(features.is64);
  return cString(info.bytes, section.sh_offset + offset, info.bytes.length);
}

/** Whether mod->init or mod->exit is set, once relocations have filled them in. */
export function hasModuleFunction(load: Load, memory: ModuleMemory, which: 'init' | 'exit'): boolean {
  const { info, facts, features } = load;
  const section = info.sechdrs[info.index.mod];
  if (!section) return false;
  const offset = facts.structModule?.[which] ?? null;
  if (offset !== null)
    return (memory.readUnsigned(section.sh_addr + BigInt(offset), features.is64 ? 8 : 4) ?? 0n) !== 0n;
  // Without the kernel's own offsets the symbol tells: kbuild names these two for module_init() and module_exit().
  return definesSymbol(load, which === 'init' ? 'init_module' : 'cleanup_module');
}

function definesSymbol(load: Load, name: string): boolean {
  return findDefined(load, (_, symbol) => symbol === name) !== null;
}

/** Name of the function that module_init() named: the first symbol where init_module lies. */
export function initFunctionName(load: Load): string | null {
  const init = findDefined(load, (_, symbol) => symbol === 'init_module');
  if (!init) return null;
  return findDefined(load, (place, symbol) => symbol !== '' && place === init.place)?.name ?? null;
}

/** The first defined symbol that `matches`; `place` is its section and value as one text. */
function findDefined(
  load: Load,
  matches: (place: string, name: string) => boolean,
): { readonly place: string; readonly name: string } | null {
  const { info, features } = load;
  const r = new ByteReader(sectionBytes(info, info.index.sym), features.littleEndian);
  const { sym } = structSizes(features.is64);
  for (let at = sym; at + sym <= r.length; at += sym) {
    const st_shndx = r.u16(at + (features.is64 ? 6 : 14));
    if (st_shndx === SHN_UNDEF) continue;
    const place = `${st_shndx}:${r.word(at + (features.is64 ? 8 : 4), features.is64)}`;
    const name = cString(info.bytes, info.strtab + r.u32(at));
    if (matches(place, name)) return { place, name };
  }
  return null;
}
