// Text that others wrote (paths, arguments, names in a module), made safe for a terminal.

/** Control characters, and bytes of names that are not UTF-8, as \xNN, the form the kernel's log has them in. */
export function printable(text: string): string {
  return text.replace(
    /[\0-\x1f\x7f-\x9f]|(?<![\ud800-\udbff])[\udc80-\udcff]/g,
    char => `\\x${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  );
}
