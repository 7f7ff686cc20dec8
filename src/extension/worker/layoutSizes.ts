// Memory by use where the kernel keeps one core region: before 6.4 text, read-only and writable data lie in it in order.
import { SHF_EXECINSTR, SHF_RO_AFTER_INIT, SHF_WRITE } from '../../core/elf/constants';
import type { SectionTable } from '../../core/elf/sectionByName';
import type { LayoutSizes, TargetResult } from '../../protocol/analysis';

const PAGE = 4096;
const RO_AFTER_INIT = /^\.data\.\.ro_after_init|^__jump_table|^\.static_call_sites/;

/** The sizes of the result, its core split by what the sections in it are. */
export function splitSizes({ result, sizes }: TargetResult, table: SectionTable): LayoutSizes {
  const core = result.layout.regions.find(region => region.name === 'core');
  if (!core) return sizes;
  let textEnd = 0;
  let roEnd = 0;
  for (const { name, offset, size } of core.sections) {
    const flags = table.find(name)?.shdr.sh_flags;
    if (flags === undefined) continue;
    const end = Math.ceil((offset + size) / PAGE) * PAGE;
    if (flags & SHF_EXECINSTR) textEnd = Math.max(textEnd, end);
    else if (!(flags & SHF_WRITE) || flags & SHF_RO_AFTER_INIT || RO_AFTER_INIT.test(name))
      roEnd = Math.max(roEnd, end);
  }
  const coreText = Math.min(textEnd, core.size);
  const coreRo = Math.max(0, Math.min(roEnd, core.size) - coreText);
  return { ...sizes, coreText, coreRo, coreRw: Math.max(0, core.size - coreText - coreRo) };
}
