// elf_validity_cache_index_versions(): both extended tables or none, and a name for every CRC.
import { invalid } from './invalidElf';
import { sectionBytes } from './loadInfo';
import type { Errno, Load } from './types';

export function checkExtendedVersions(load: Load): Errno {
  const { info } = load;
  const { versExtCrc, versExtName } = info.index;
  if ((versExtCrc === 0) !== (versExtName === 0)) return invalid(load, 'ext-versions');
  if (versExtCrc === 0) return 0;
  const names = sectionBytes(info, versExtName);
  let crcs = Math.floor(sectionBytes(info, versExtCrc).length / 4);
  for (let at = 0; crcs > 0; crcs--) {
    const nul = names.indexOf(0, at);
    if (at >= names.length || nul < 0) return invalid(load, 'ext-names');
    at = nul + 1;
  }
  return 0;
}
