// Text that others wrote (paths, arguments, names in a module), made safe for a terminal.

/** Control characters as \xNN, the form the kernel's log has them in; everything else as it is. */
export function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
