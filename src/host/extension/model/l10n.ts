// Words for people, in the language of their editor. What the kernel and its tools print is never among them.
import { noteText, reasonOf, type Note } from '../../../findings/notes';
import { wordsOf, type Bundle, type Translate } from '../../../findings/words';

let words = wordsOf();

/** Sets the translations; until then, and outside of an editor, everything is English. */
export function setWords(bundle: Bundle | undefined): void {
  words = wordsOf(bundle);
}

/** A message in the person's language. It is the key of its translations in l10n/, and stands in the call as it is. */
export const t: Translate = (template, ...values) => words(template, ...values);

/** A note in the person's language. */
export const say = (note: Note): string => noteText(note, t);

/** Why something was thrown, in the person's language. */
export const sayError = (error: unknown): string => say(reasonOf(error));
