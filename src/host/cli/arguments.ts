// Module parameters from a command line to the one string the kernel gets.

/** What the kernel gets of text typed in a terminal: one char for each byte of it in UTF-8. */
export function bytesOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
