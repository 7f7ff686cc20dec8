// What a module's source asks of a kernel, whatever kernel the file was built for.
import { STB_WEAK } from '../../formats/elf/constants';
import { ADDED_BY_COMPILER } from '../../formats/ko/addedByCompiler';
import { eachUndefined } from '../../formats/ko/imports';
import { getModinfo, modinfoValues } from '../../formats/ko/modinfo';
import type { ObjectFile } from '../../formats/ko/objectFile';
import { isGplCompatible } from '../../linux/kernel/module/license';
import type { SourceComparison } from './types';

/** What is asked of a kernel and the modules loaded there. */
export interface Exporters {
  exportOf(name: string): { readonly gplOnly: boolean; readonly namespace: string | null } | null;
  mustImport(namespace: string, module: string): boolean;
}

type Symbols = Omit<SourceComparison, 'fits' | 'settledByBuild' | 'otherwise'>;

/**
 * The symbols of a module held against a kernel and the modules loaded there: those that the compiler adds are left out, since
 * a build for that kernel decides about them. Versions do not matter, nor do relocations.
 *
 * @param system with everything loaded that the module needs
 */
export function compareSymbols(object: ObjectFile, system: Exporters): Symbols {
  const modinfo = object.sections.find('.modinfo')?.bytes ?? new Uint8Array();
  const imported = new Set(modinfoValues(modinfo, 'import_ns'));
  const mayUseGpl = isGplCompatible(getModinfo(modinfo, 'license'));
  const module = getModinfo(modinfo, 'name') ?? '';
  const missing: string[] = [];
  const gplOnly: string[] = [];
  const namespaces: { symbol: string; namespace: string }[] = [];
  eachUndefined(object.symbols, index => {
    const name = object.symbols.name(index);
    if (ADDED_BY_COMPILER.test(name)) return;
    const found = firstOf(spellingsOf(name), system);
    if (found === null) {
      if (object.symbols.bind(index) !== STB_WEAK) missing.push(name);
      return;
    }
    if (found.gplOnly && !mayUseGpl) gplOnly.push(name);
    const { namespace } = found;
    if (namespace !== null && !imported.has(namespace) && system.mustImport(namespace, module))
      namespaces.push({ symbol: name, namespace });
  });
  return { missing, gplOnly, namespaces };
}

function firstOf(names: readonly string[], system: Exporters): ReturnType<Exporters['exportOf']> {
  for (const name of names) {
    const found = system.exportOf(name);
    if (found) return found;
  }
  return null;
}

/** kmalloc() of a constant size, as the headers of one kernel and the next call it (include/linux/slab.h). */
const KMALLOC: readonly string[] = ['kmem_cache_alloc_trace', 'kmalloc_trace', '__kmalloc_cache_noprof'];

/**
 * Names that one name of a source becomes in the headers of this and that kernel: printk() calls _printk since 5.15
 * (include/linux/printk.h), and allocators got the suffix _noprof in 6.10 (include/linux/alloc_tag.h).
 */
function spellingsOf(name: string): readonly string[] {
  if (KMALLOC.includes(name)) return [name, ...KMALLOC];
  const plain = name.replace(/_noprof$/, '');
  const bare = plain.replace(/^_(?=[a-z])/, '');
  return [name, plain, `${plain}_noprof`, bare, `_${bare}`];
}
