// struct module as kbuild leaves it: nothing in it but a name.
import { cString } from '../../formats/bytes/strings';
import { SHF_WRITE, SHT_PROGBITS } from '../../formats/elf/constants';
import { nameField } from '../../linux/kernel/module/thisModule';
import type { ScreenedKernel } from './screenedKernel';
import type { Sections } from './sections';

/** The name of the module, or null when the structure is anything but ordinary to that kernel. */
export function screenThisModule(sections: Sections, { facts }: ScreenedKernel): string | null {
  const section = sections.find('.gnu.linkonce.this_module');
  const size = sections.size[section] ?? 0;
  if (section === 0 || sections.type[section] !== SHT_PROGBITS) return null;
  if (!((sections.flags[section] ?? 0) & SHF_WRITE) || (facts.structModule && facts.structModule.size !== size))
    return null;
  const { offset, size: room } = nameField(true);
  if (size < offset + room) return null;
  const start = sections.offset[section] ?? 0;
  const { file } = sections;
  for (let at = start; at < start + offset; at++) if (file[at] !== 0) return null;
  for (let at = start + offset + room; at < start + size; at++) if (file[at] !== 0) return null;
  const name = cString(file, start + offset, start + offset + room);
  return name === '' || name.length >= room ? null : name;
}
