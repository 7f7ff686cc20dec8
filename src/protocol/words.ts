// Words for people, in the language of their editor: what pages need of them.
export { textsOf } from '../findings/all';
export { noteText, type Note } from '../findings/notes';
export { wordsOf, type Bundle, type Translate } from '../findings/words';
