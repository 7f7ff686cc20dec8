// Words in the language of the editor: the page is given them by the extension, with its first byte.
import { wordsOf, type Bundle } from '../src/protocol/words';

/** As much of a page as is needed here; tests have none. */
interface Page {
  querySelector(selector: string): { getAttribute(name: string): string | null } | null;
}

const { document } = globalThis as { readonly document?: Page };
const given = document?.querySelector('insmod-lens-module')?.getAttribute('data-words');

export const { t, say } = wordsOf(given ? (JSON.parse(given) as Bundle) : {});
