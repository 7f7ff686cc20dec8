// struct module as the file holds it, in .gnu.linkonce.this_module.
import { ByteReader } from '../../../formats/bytes/byteReader';
import { equalsCString, nameString, toBytes } from '../../../formats/bytes/strings';
import { SHN_UNDEF } from '../../../formats/elf/constants';
import { structSizes } from '../../../formats/elf/header';
import { sectionBytes } from './loadInfo';
import type { ModuleMemory } from './memory';
import type { Load } from './types';

/** offsetof(struct module, name) and its size in bytes (include/linux/module.h: after state and list). */
export function nameField(is64: boolean): { offset: number; size: number } {
  return is64 ? { offset: 24, size: 56 } : { offset: 12, size: 60 };
}

/** mod->name: what the module is called once loaded; `section` where the loader has not noted yet which holds struct module. */
export function thisModuleName(load: Load, section = load.info.sechdrs[load.info.index.mod]): string {
  const { info, features } = load;
  if (!section) return '';
  const { offset } = nameField(features.is64);
  return nameString(info.bytes, section.sh_offset + offset);
}

/** Whether mod->init or mod->exit is set, once relocations have filled them in. */
export function hasModuleFunction(load: Load, memory: ModuleMemory, which: 'init' | 'exit'): boolean {
  const { info, facts, features } = load;
  const section = info.sechdrs[info.index.mod];
  if (!section) return false;
  const offset = facts.structModule?.[which] ?? null;
  if (offset !== null && load.relocated)
    return (memory.readUnsigned(section.sh_addr + BigInt(offset), features.is64 ? 8 : 4) ?? 0n) !== 0n;
  // Without the kernel's own offsets the symbol tells: kbuild names these two for module_init() and module_exit().
  return definesSymbol(load, which === 'init' ? 'init_module' : 'cleanup_module');
}

function definesSymbol(load: Load, name: string): boolean {
  return findDefined(load, name, null) !== null;
}

/** Name of the function that module_init() named: the first symbol where init_module lies. */
export function initFunctionName(load: Load): string | null {
  const init = findDefined(load, 'init_module', null);
  return init && (findDefined(load, null, init)?.name ?? null);
}

interface Defined {
  readonly st_shndx: number;
  readonly st_value: bigint;
  readonly name: string;
}

/** The first defined symbol of that name, or the first with a name that lies where another does. */
function findDefined(load: Load, name: string | null, there: Defined | null): Defined | null {
  const { info, features } = load;
  const r = new ByteReader(sectionBytes(info, info.index.sym), features.littleEndian);
  const { sym } = structSizes(features.is64);
  const wanted = name === null ? null : toBytes(name);
  for (let at = sym; at + sym <= r.length; at += sym) {
    const st_shndx = r.u16(at + (features.is64 ? 6 : 14));
    if (st_shndx === SHN_UNDEF) continue;
    const start = info.strtab + r.u32(at);
    if (wanted && !equalsCString(info.bytes, start, wanted)) continue;
    if (there && (st_shndx !== there.st_shndx || (info.bytes[start] ?? 0) === 0)) continue;
    const st_value = r.word(at + (features.is64 ? 8 : 4), features.is64);
    if (there && st_value !== there.st_value) continue;
    return { st_shndx, st_value, name: nameString(info.bytes, start) };
  }
  return null;
}
