// The lines that findings print, with placeholders for what varies: as shown on their pages, and as patterns that
// recognize them in a log. Both come from the definitions and their samples.
import { ALL_FINDINGS, codeOf, textOf, told } from '../findings/all';
import { english } from '../findings/words';
import type { FindingDefinition, Severity } from '../findings/types';

type Facts = Readonly<Record<string, unknown>>;

/** A definition with one of its samples. */
export interface Sample {
  readonly code: string;
  readonly severity: Severity;
  readonly finding: FindingDefinition<Facts>;
  readonly facts: Facts;
}

/** One line of a sample. */
export interface Form extends Sample {
  /** As a page shows it. */
  readonly shown: string;
  readonly pattern: RegExp;
  /** How much of the line is fixed text: the more, the surer. */
  readonly fixed: number;
}

/** Every finding with every sample of it. */
export function samples(): Sample[] {
  return ALL_FINDINGS.flatMap(definition => {
    // Facts of a definition go to that definition only.
    const finding = definition as FindingDefinition<Facts>;
    return finding.samples.map(sample => {
      const facts = sample as Facts;
      return {
        finding,
        facts,
        code: codeOf({ definition, facts: sample as never }),
        severity: told(finding.severity, facts),
      };
    });
  });
}

/** Every code there is, sorted. */
export function allCodes(): string[] {
  return [...new Set(samples().map(({ code }) => code))].sort();
}

/** What is said of a sample when the kernel prints nothing; null when it prints. */
export function ownMessage({ finding, facts }: Sample): string | null {
  if (linesOf(finding, facts).length > 0) return null;
  return withPlaceholders(textOf(finding.message, facts, english) ?? finding.id);
}

/** The lines the kernel prints for a sample. */
export function formsOf(sample: Sample): Form[] {
  const { finding, facts } = sample;
  const marked = linesOf(finding, mark(facts));
  return linesOf(finding, facts).map((text, i) => {
    const source = patternSource(marked[i] ?? text);
    return {
      ...sample,
      shown: withPlaceholders(text),
      pattern: new RegExp(`^(?:(?:module|Modules): )?${source}\\.?$`),
      fixed: text.replace(PLACEHOLDER, '').replace(LETTER, '').length,
    };
  });
}

/** Other facts of the same kind, to see whether a text depends on what a line did not tell. */
export function altered(facts: Facts, known: Facts): Facts {
  const entries = Object.entries(facts).map(([key, value]) => {
    if (key in known || key === 'errno') return [key, value] as const;
    if (typeof value === 'number') return [key, value + 1] as const;
    return [key, typeof value === 'string' && /^[A-Z]$/.test(value) ? `other ${value}` : value] as const;
  });
  return { ...Object.fromEntries(entries), ...known };
}

/** One entry a line: a message of several becomes several, as dmesg prints it. */
function linesOf({ dmesg }: FindingDefinition<Facts>, facts: Facts): string[] {
  const printed = dmesg?.(facts) ?? [];
  const lines = 'text' in printed ? [printed] : printed;
  return lines.flatMap(({ text }) => text.split('\n'));
}

/** 1001 and 1002, in decimal and hexadecimal. */
const PLACEHOLDER = /-?\b0*(?:1001|1002|3e9|3ea)\b/g;
const LETTER = /\b[A-Z]\b/g;

function withPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, number => (/1$|9$/.test(number) ? 'N' : 'K'));
}

/** Facts whose placeholders carry the name of their field. */
function mark(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      typeof value === 'string' && /^[A-Z]$/.test(value) ? `\0${key}\0` : value,
    ]),
  );
}

/** Names have no blanks, but for what stands for one that is missing; everything else may be anything. */
const NAMES: ReadonlySet<string> = new Set(['module', 'symbol', 'comm']);

function patternSource(text: string): string {
  const seen = new Set<string>();
  return (
    text
      .replace(/\.$/, '')
      .replace(/^module: /, '')
      .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      .replace(PLACEHOLDER, '-?[0-9a-f]+')
      // Addresses, which kernels print hashed.
      .replace(/\b[0-9a-f]{16}\b/g, '[0-9a-f]+')
      .replace(LETTER, letter => (letter === 'M' ? '\0module\0' : '.+?'))
      .replace(/\0(\w+)\0/g, (_, key: string) => {
        if (seen.has(key)) return `\\k<${key}>`;
        seen.add(key);
        return `(?<${key}>${NAMES.has(key) ? '\\S*?|\\(missing [^)]*\\)' : '.*?'})`;
      })
  );
}
