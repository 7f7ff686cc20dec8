// Differences as a person would name them.
import { hexCrc } from '../../formats/bytes/hex';
import type { Explanation, Difference, ChangedType, WhyReport } from './types';

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** One difference as a phrase. */
function differenceText(difference: Difference): string {
  switch (difference.what) {
    case 'argument-count':
      return `takes ${plural(difference.to, 'argument')} instead of ${difference.from}`;
    case 'argument':
      return `argument ${difference.number} changed from \`${difference.from}\` to \`${difference.to}\``;
    case 'result':
      return `returns \`${difference.to}\` instead of \`${difference.from}\``;
    case 'type':
      return `changed from \`${difference.from}\` to \`${difference.to}\``;
    case 'size': {
      const by = plural(Math.abs(difference.to - difference.from), 'byte');
      return `${difference.to > difference.from ? 'grew' : 'shrank'} by ${by}, from ${difference.from} to ${difference.to}`;
    }
    case 'member-added':
      return `member \`${difference.name}\` (${difference.type}) added ${place(difference.after)}`;
    case 'member-removed':
      return `member \`${difference.name}\` (${difference.type}) removed`;
    case 'member-renamed':
      return `member \`${difference.from}\` (${difference.type}) is now called \`${difference.to}\``;
    case 'member-type':
      return `member \`${difference.name}\` changed from \`${difference.from}\` to \`${difference.to}\``;
    case 'member-moved':
      return `member \`${difference.name}\` moved: it now stands ${place(difference.after)}`;
    case 'members-regrouped':
      return `anonymous structs or unions around \`${difference.name}\` changed`;
    case 'constant-added':
      return `constant \`${difference.name}\` (${difference.value}) added`;
    case 'constant-removed':
      return `constant \`${difference.name}\` removed`;
    case 'constant-value':
      return `constant \`${difference.name}\` changed from ${difference.from} to ${difference.to}`;
  }
}

const place = (after: string | null): string => (after === null ? 'at the start' : `after \`${after}\``);

/** The heading of a changed type, and a line for each difference. */
export function changedLines({ type, path, differences }: ChangedType, shown: number): string[] {
  const heading = path.length === 0 ? `\`${type}\`` : `\`${type}\` (${path.join(', ')})`;
  const lines = differences.slice(0, shown).map(difference => `  ${differenceText(difference)}`);
  const left = differences.length - lines.length;
  return [`${heading}:`, ...lines, ...(left > 0 ? [`  and ${plural(left, 'more difference')}`] : [])];
}

const NOTHING = 'nothing in BTF explains it (a macro, an enum value, or a type BTF does not hold)';
const NEAREST =
  'These differences are the nearest to the symbol. BTF knows every type, the checksum only those that are defined where the symbol is exported: a difference further away may be the cause.';

/** Differences of a type that are listed; --all lists more. */
const FEW = 6;
/** Changed types that are listed. */
const FEW_TYPES = 3;

/** Everything about one symbol, as lines. */
export function whyLines(report: WhyReport, all: boolean): string[] {
  const { symbol, kernels, answer } = report;
  const where = kernels.map(({ release, crc, owner }) => {
    if (owner === null) return `not exported by ${release}`;
    return `${hexCrc(crc) ?? 'no checksum'} on ${release}${owner === 'vmlinux' ? '' : ` (${owner})`}`;
  });
  return [`${symbol}: ${where.join(', ')}`, ...answerLines(report, answer, all).map(line => `  ${line}`)];
}

function answerLines({ kernels }: WhyReport, answer: WhyReport['answer'], all: boolean): string[] {
  switch (answer) {
    case 'not-exported':
      return [];
    case 'same':
      return ['the checksum is the same'];
    case 'no-versions':
      return ['there is no checksum to compare: one of the kernels has no CONFIG_MODVERSIONS'];
    case 'no-btf':
      return kernels
        .filter(({ btf }) => btf === null)
        .map(({ release, owner }) =>
          owner === 'vmlinux'
            ? `the BTF of ${release} is not at hand: name its kernel image, or a directory that leads to it`
            : `the BTF of ${owner} of ${release} is not at hand: name its modules with --modules, and its image`,
        );
    case 'not-in-btf':
      return ['BTF does not describe the symbol, as it does not describe most variables and functions in assembly'];
    default:
      return explanationLines(answer, all);
  }
}

function explanationLines({ changed, more }: Explanation, all: boolean): string[] {
  if (changed.length === 0) return [NOTHING];
  const shown = all ? changed : changed.slice(0, FEW_TYPES);
  const left = changed.length - shown.length;
  return [
    ...shown.flatMap(type => changedLines(type, all ? Infinity : FEW)),
    ...(left > 0 || more ? [`${more ? 'at least ' : ''}${plural(left, 'more type')} on the way changed`] : []),
    NEAREST,
  ];
}
