// How the checks of an ELF file report what they refuse.
import { notLoadable, type ElfCheck, type Foreign } from '../../../findings/notLoadable';
import { declaredFormat, hasElfMagic, readEhdr } from '../../../formats/elf/header';
import { machineName } from '../../../formats/elf/machineName';
import { readSections } from '../../../formats/elf/sectionByName';
import { getModinfo } from '../../../formats/ko/modinfo';
import { ENOEXEC } from '../../errno';
import type { Errno, Load } from './types';

/** Reports a failed check the way this kernel does; the answer is always ENOEXEC. */
export function invalid(load: Load, check: ElfCheck, ...values: (number | string)[]): Errno {
  const { elfChecks } = load.features;
  const narrated = elfChecks !== 'classic' && elfChecks !== 'summary';
  load.report(notLoadable, {
    check,
    values,
    spoken: narrated || check === 'section' || check === 'section-name',
    summary: elfChecks === 'summary',
    foreign: foreignOf(load),
  });
  return ENOEXEC;
}

/** What the file was built for, where that is another machine than the target; null otherwise. */
function foreignOf({ info, arch, features, facts }: Load): Foreign | null {
  if (!hasElfMagic(info.bytes)) return null;
  const { is64, littleEndian } = declaredFormat(info.bytes);
  const { e_machine } = readEhdr(info.bytes, { is64, littleEndian });
  const isSame = is64 === features.is64 && littleEndian === features.littleEndian;
  if (isSame && (arch.machines?.includes(e_machine) ?? true)) return null;
  const modinfo = readSections(info.bytes)?.find('.modinfo')?.bytes ?? new Uint8Array(0);
  const builtFor = getModinfo(modinfo, 'vermagic')?.split(' ', 1)[0] ?? '';
  return { machine: machineName(info.bytes), release: builtFor === '' ? null : builtFor, target: facts.arch };
}

/** As {@link invalid}, for the section look-ups after elf_validity_check(), which every kernel comments on. */
export function missing(load: Load, check: ElfCheck, ...values: (number | string)[]): Errno {
  load.report(notLoadable, { check, values, spoken: true, summary: false, foreign: foreignOf(load) });
  return ENOEXEC;
}
