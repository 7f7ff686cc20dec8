// Which modules count as proprietary: GPL-only exports do not exist for them, and their users may become so as well.

/** license_is_gpl_compatible() (include/linux/license.h): exact strings only. */
const GPL_COMPATIBLE: readonly string[] = [
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
];

/** @param license value of the modinfo tag; a module without one is taken for proprietary */
export function isGplCompatible(license: string | null): boolean {
  return GPL_COMPATIBLE.includes(license ?? 'unspecified');
}

/** Modules that get the taint by their name, regardless of their license (kernel/module/main.c); `lve` since 3.18. */
export function isProprietaryByName(name: string, knowsLve: boolean): boolean {
  return name === 'driverloader' || (name === 'lve' && knowsLve);
}
