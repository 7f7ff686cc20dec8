// Fields of struct module that the loader takes from the file and believes: kbuild leaves them zero.
import { structModuleMembers } from '../../../formats/btf/btf';
import { ByteReader } from '../../../formats/bytes/byteReader';
import { sectionBytes } from './loadInfo';
import { printedTaints } from './taints';
import { nameField } from './thisModule';
import type { Load, LoadedSection } from './types';
import { holdsMore } from './uncheckedFields';

/**
 * What .gnu.linkonce.this_module says of the module before the loader adds to it. Where the fields stand, the BTF of the
 * kernel tells; it is asked only for a file that fills in something.
 */
export function believeStructModule(load: Load, section: LoadedSection): void {
  const { features, facts, mod } = load;
  const contents = sectionBytes(load.info, section.index);
  const { offset, size } = nameField(features.is64);
  if (!facts.btf || !holdsMore(contents, offset + size, Infinity)) return;
  const at = structModuleMembers(facts.btf.bytes, ['taints', 'klp', 'using_gplonly_symbols']);
  const [taints, klp, gplonly] = [at.get('taints'), at.get('klp'), at.get('using_gplonly_symbols')];
  const r = new ByteReader(contents, features.littleEndian);
  const low = features.littleEndian || !features.is64 ? 0 : 4;
  if (taints !== undefined) mod.taints |= r.u32(taints + low) & printedTaints(features);
  if (gplonly !== undefined && r.u8(gplonly) !== 0) mod.usingGplonlySymbols = true;
  // Before module_augment_kernel_taints() only the tag of .modinfo counted.
  if (features.earlyExistsCheck && klp !== undefined && r.u8(klp) !== 0) mod.isLivepatch = true;
}
