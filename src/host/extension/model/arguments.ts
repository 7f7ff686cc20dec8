// Module parameters in one string, as the kernel takes them apart.

/** Splits at blanks outside of double quotes, which stay (kernel/params.c, next_arg). */
export function splitArguments(text: string): string[] {
  return text.match(/(?:[^\s"]+|"[^"]*"?)+/g) ?? [];
}
