// Words for people: whole templates, with values in them, in the language of whoever reads.

/** What stands in a template for `{name}`; of a list, `{0}`, `{1}` ... */
type Values = readonly (string | number)[] | Readonly<Record<string, string | number>>;

/** A text in a person's language, made from its English template, which is the key of its translations in l10n/. */
export type Translate = (
  template: string,
  ...values: readonly (string | number)[] | readonly [Readonly<Record<string, string | number>>]
) => string;

/** Translations by English template. */
export type Bundle = Readonly<Record<string, string>>;

/** The words of a bundle; English without one. */
export function wordsOf(bundle: Bundle = {}): Translate {
  return (template, ...values) => {
    const [first] = values;
    return fill(bundle[template] ?? template, typeof first === 'object' ? first : (values as (string | number)[]));
  };
}

export const english: Translate = wordsOf();

function fill(template: string, values: Values): string {
  const known = values as Readonly<Record<string, string | number>>;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(known[name] ?? whole));
}
