// The registry of findings: all of them, look-up by code, and their texts in any language.
import * as definitions from './definitions';
import type { Finding, FindingDefinition, Json, Template, Told } from './types';
import { english, type Translate } from './words';

/** A definition with facts that fit it. */
export interface Reported<Facts = never> {
  readonly definition: FindingDefinition<Facts>;
  readonly facts: Facts;
}

/** A definition whose facts are known to itself only. */
export type AnyFinding = FindingDefinition<never>;

export const ALL_FINDINGS: readonly AnyFinding[] = Object.values(definitions);

/** What a definition tells of these facts. */
export function told<Facts, T extends string | object | null>(value: Told<Facts, T>, facts: Facts): T {
  return typeof value === 'function' ? value(facts) : value;
}

export function codeOf<Facts>({ definition, facts }: Reported<Facts>): string {
  return definition.code?.(facts) ?? definition.id;
}

/** A text of a definition in the language of `t`. */
export function textOf<Facts, T extends Template<Facts> | undefined>(
  text: T,
  facts: Facts,
  t: Translate,
): T extends undefined ? undefined : string;
export function textOf<Facts>(text: Template<Facts> | undefined, facts: Facts, t: Translate): string | undefined {
  return typeof text === 'string' ? t(text, facts as Record<string, string>) : text?.(facts, t);
}

/** A finding as it is printed: with its English texts. `decode` makes text of strings that come from the module. */
export function describe<Facts>(
  { definition, facts }: Reported<Facts>,
  stage: string,
  decode: (text: string) => string = text => text,
): Finding {
  const [first] = [definition.dmesg?.(facts) ?? []].flat();
  return {
    code: codeOf({ definition, facts }),
    severity: told(definition.severity, facts),
    stage,
    message: decode(textOf(definition.message, facts, english) ?? first?.text ?? definition.id),
    explanation: decode(textOf(definition.explain, facts, english)),
    ...(definition.symbol ? { symbol: definition.symbol(facts) } : {}),
    facts: decoded(facts as Json, decode) as Finding['facts'],
    locations: [],
  };
}

function decoded(value: Json, decode: (text: string) => string): Json {
  if (typeof value === 'string') return decode(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => decoded(each, decode));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each, decode)]));
}

const byCode = new Map(
  ALL_FINDINGS.flatMap(definition =>
    definition.samples.map(sample => {
      const reported = { definition, facts: sample as never };
      return [codeOf(reported), reported] as const;
    }),
  ),
);

/** The definition behind a code, with a sample; undefined for what is no code. */
export const findingOf = (code: string): Reported | undefined => byCode.get(code);

/** The definition of a finding, with the finding's own facts. */
export function reportedOf({ code, facts }: Pick<Finding, 'code' | 'facts'>): Reported | undefined {
  const known = byCode.get(code);
  return known && { definition: known.definition, facts: facts as never };
}

/** Facts of a finding, if it is one of this definition. */
export function factsOf<Facts>(
  definition: FindingDefinition<Facts>,
  { code, facts }: Pick<Finding, 'code' | 'facts'>,
): Facts | null {
  return byCode.get(code)?.definition.id === definition.id ? (facts as Facts) : null;
}

/** The texts of a finding in a person's language. What the kernel prints stays as it is. */
export function textsOf(
  finding: Pick<Finding, 'code' | 'facts' | 'message'>,
  t: Translate,
): { readonly message: string; readonly explanation: string } {
  const { message } = finding;
  const reported = reportedOf(finding);
  if (!reported) return { message, explanation: '' };
  const { definition, facts } = reported;
  return {
    message: textOf(definition.message, facts, t) ?? message,
    explanation: textOf(definition.explain, facts, t),
  };
}
