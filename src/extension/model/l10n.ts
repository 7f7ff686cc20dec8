// Words for people, in the language of their editor. What the kernel and its tools print is never among them.

/** `{0}`, `{1}` ... in a message are replaced by the values. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

let translate: Translate = inEnglish;

/** Sets where translations come from; until then, and outside of an editor, everything is English. */
export function setTranslate(from: Translate): void {
  translate = from;
}

/** A message in the person's language. It is the key of its translations in l10n/, and stands in the call as it is. */
export const t: Translate = (message, ...values) => translate(message, ...values);

function inEnglish(message: string, ...values: (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}
