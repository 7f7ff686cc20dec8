// How the checks of an ELF file report what they refuse.
import { notLoadable, type ElfCheck } from '../../../findings/notLoadable';
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
  });
  return ENOEXEC;
}

/** As {@link invalid}, for the section look-ups after elf_validity_check(), which every kernel comments on. */
export function missing(load: Load, check: ElfCheck, ...values: (number | string)[]): Errno {
  load.report(notLoadable, { check, values, spoken: true, summary: false });
  return ENOEXEC;
}
