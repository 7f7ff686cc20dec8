// __param: whether the names under parameters/ are all different.
import { byteString, stringEnd } from '../../formats/bytes/strings';
import { SHT_RELA } from '../../formats/elf/constants';
import { RELA, type Sections } from './sections';
import { textAt } from './texts';

/** sizeof(struct kernel_param) on 64-bit kernels since 4.2; the name comes first. */
const ENTRY = 40;
/** offsetof(struct kernel_param, perm) */
const PERM = 24;

const R_X86_64_64 = 1;

/** False when a name comes twice, or when the table is not as the compiler makes it. */
export function parameterNamesDiffer(sections: Sections): boolean {
  const section = sections.find('__param');
  if (section === 0) return true;
  const names = new Set<string>();
  const { view, file } = sections;
  const start = sections.offset[section] ?? 0;
  const size = sections.size[section] ?? 0;
  let found = 0;
  let shown = 0;
  for (let relocations = 1; relocations < sections.count; relocations++) {
    if (sections.type[relocations] !== SHT_RELA || sections.info[relocations] !== section) continue;
    const first = sections.offset[relocations] ?? 0;
    const end = first + (sections.size[relocations] ?? 0) - RELA;
    for (let at = first; at <= end; at += RELA) {
      const offset = view.getUint32(at, true);
      if (offset % ENTRY !== 0) continue;
      if (offset + ENTRY > size || view.getUint32(at + 4, true) !== 0) return false;
      const addend = view.getInt32(at + 16, true);
      // All 64 bits of the addend count, other than in tables of exports.
      if (view.getUint32(at + 8, true) !== R_X86_64_64 || view.getInt32(at + 20, true) !== addend >> 31) return false;
      const name = textAt(sections, view.getUint32(at + 12, true), addend);
      if (name === 0) return false;
      found++;
      // Only what anybody may read or write gets a file.
      if (view.getUint16(start + offset + PERM, true) === 0) continue;
      shown++;
      names.add(byteString(file, name, stringEnd(file, name)));
    }
  }
  return shown === names.size && found === Math.floor(size / ENTRY);
}
