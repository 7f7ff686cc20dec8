// Words for people: whole templates, with values in them, in the language of whoever reads.

/** Values by the name that stands for them in a template: `{name}`. */
type Named = Readonly<Record<string, string | number>>;

/**
 * A text in a person's language, made from its English template, which is the key of its translations in l10n/. Values
 * stand for `{0}`, `{1}` ..., or come with their names.
 */
export type Translate = (template: string, ...values: readonly (string | number | Named)[]) => string;

/** Translations by English template. */
export type Bundle = Readonly<Record<string, string>>;

/** The words of a bundle; English without one. */
export function wordsOf(bundle: Bundle = {}): Translate {
  return (template, ...values) => {
    const [first] = values;
    return fill(bundle[template] ?? template, typeof first === 'object' ? first : { ...values });
  };
}

export const english: Translate = wordsOf();

function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
