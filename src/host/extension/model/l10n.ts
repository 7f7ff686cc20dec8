// Words for people, in the language of their editor. What the kernel and its tools print is never among them.
import { wordsOf, type Bundle, type Translate, type Words } from '../../../protocol/words';

let words: Words = wordsOf();

/** Sets the translations; until then, and outside of an editor, everything is English. */
export function setWords(bundle: Bundle | undefined): void {
  words = wordsOf(bundle);
}

/** A message in the person's language. It is the key of its translations in l10n/, and stands in the call as it is. */
export const t: Translate = (message, ...values) => words.t(message, ...values);

/** A text of the engine in the person's language; as it is where it is not known, or the kernel's. */
export const say: Words['say'] = text => words.say(text);
