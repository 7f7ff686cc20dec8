// rewrite_section_headers(): sh_addr points into the copy; .modinfo and version tables stay out of module memory.
import { note } from '../../../findings/notes';
import { SHF_ALLOC } from '../../../formats/elf/constants';
import { checkTruncated } from './elfValidityCheck';
import { sectionName } from './loadInfo';
import type { Errno, Load } from './types';

export function rewriteSectionHeaders(load: Load): Errno {
  const { info, features } = load;
  if (features.elfChecks === 'classic' && features.rows.has('namedEarly')) {
    const errno = checkTruncated(load);
    if (errno !== 0) return errno;
  }
  const { temporaryCopy } = load.features.addresses;
  for (const section of info.sechdrs) {
    if (section.index === 0) section.moveTo(0n, 0);
    else section.moveTo(temporaryCopy, section.sh_offset);
  }
  const { vers, versExtCrc, versExtName, info: modinfo } = info.index;
  // Before 5.10 without unloading, code that never runs is not kept either.
  if (features.elfChecks === 'classic' && !features.moduleUnload)
    for (const section of info.sechdrs)
      if (sectionName(info, section).startsWith('.exit')) section.sh_flags &= ~SHF_ALLOC;
  for (const index of [vers, versExtCrc, versExtName, modinfo]) {
    const section = info.sechdrs[index];
    if (!section) continue;
    section.sh_flags &= ~SHF_ALLOC;
    if (index === 0) continue;
    const flags = `0x${section.sh_flags.toString(16)}`;
    load.observer?.checked(note('flags-of', { section: sectionName(info, section) }), flags, note('alloc-taken'));
  }
  return 0;
}
