// Words in the language of the editor: the page is given them by the extension, with its first byte.
import { noteText, wordsOf, type Bundle, type Note } from '../src/protocol/words';

/** As much of a page as is needed here; tests have none. */
interface Page {
  querySelector(selector: string): { getAttribute(name: string): string | null } | null;
}

const { document } = globalThis as { readonly document?: Page };
const given = document?.querySelector('[data-words]')?.getAttribute('data-words');

export const t = wordsOf(given ? (JSON.parse(given) as Bundle) : {});

/** A note in the person's language. */
export const say = (note: Note): string => noteText(note, t);

/** Words are put into the person's language; values are shown as they are. */
export const said = (shown: string | Note): string => (typeof shown === 'string' ? shown : say(shown));
