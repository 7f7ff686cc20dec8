// Words in the language of the editor: the page is given them by the extension, with its first byte.

/** As much of a page as is needed here; tests have none. */
interface Page {
  querySelector(selector: string): { getAttribute(name: string): string | null } | null;
}

/** By the English words; empty for English, and outside of a page. */
const words = ((): Readonly<Record<string, string>> => {
  const { document } = globalThis as { readonly document?: Page };
  const given = document?.querySelector('insmod-lens-module')?.getAttribute('data-words');
  return given ? (JSON.parse(given) as Record<string, string>) : {};
})();

/** A message in the person's language, with `{0}`, `{1}` ... replaced. It is the key of its translations in l10n/. */
export function t(message: string, ...values: (string | number)[]): string {
  return (words[message] ?? message).replace(/\{(\d+)\}/g, (whole, index: string) =>
    String(values[Number(index)] ?? whole),
  );
}
