// Files that name modules to be loaded when a system starts, in the forms that systems have: modules-load.d(5), modules(5),
// initramfs-tools(7), dracut.conf(5), mkinitcpio.conf(5), and modprobe.d(5) for options.

/** Where such files are below the root of a system, and what names the modules in them. */
export const BOOT_LISTS: readonly (readonly [place: string, namesIn: (text: string) => string[]])[] = [
  ['etc/modules', linesOf],
  ['etc/modules-load.d', linesOf],
  ['usr/local/lib/modules-load.d', linesOf],
  ['usr/lib/modules-load.d', linesOf],
  ['lib/modules-load.d', linesOf],
  ['etc/initramfs-tools/modules', linesOf],
  ['etc/dracut.conf', dracutDrivers],
  ['etc/dracut.conf.d', dracutDrivers],
  ['usr/lib/dracut/dracut.conf.d', dracutDrivers],
  ['etc/mkinitcpio.conf', text => words(/^[ \t]*MODULES=\(([^)]*)\)/m.exec(text)?.[1] ?? '')],
  ['etc/modprobe.d', modprobeOptions],
  ['usr/lib/modprobe.d', modprobeOptions],
  ['lib/modprobe.d', modprobeOptions],
];

/** A name at the start of each line; parameters may follow it. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap(line => /^\s*([\w-]+)/.exec(line)?.[1] ?? [])
    .map(plain);
}

function dracutDrivers(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:add|force)_drivers\+?="([^"]*)"/gm)].flatMap(([, names = '']) => words(names));
}

/** Options for a module, or something to be loaded before or after another. */
function modprobeOptions(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(options|softdep)[ \t]+(\S.*)$/gm)].flatMap(([, what, rest = '']) =>
    words(rest)
      .slice(0, what === 'options' ? 1 : undefined)
      .filter(word => !word.endsWith(':')),
  );
}

const words = (text: string): string[] =>
  text
    .split(/\s+/)
    .filter(word => word !== '')
    .map(plain);

const plain = (name: string): string => name.replaceAll('-', '_');
