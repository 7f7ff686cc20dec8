import { defineFinding, err } from './types';

export interface VermagicFacts {
  readonly module: string;
  readonly theirs: string;
  readonly ours: string;
  readonly releaseCounts: boolean;
}

export const vermagic = defineFinding<VermagicFacts>({
  id: 'vermagic',
  severity: 'error',
  dmesg: ({ module, theirs, ours }) => err(`${module}: version magic '${theirs}' should be '${ours}'`),
  explain: ({ theirs, ours, releaseCounts }) =>
    `The module says it was built for "${theirs.trim()}"; the kernel is "${ours.trim()}". ` +
    `They differ in: ${difference(theirs, ours)}.` +
    (releaseCounts
      ? ' Rebuild the module against the headers of the target kernel, from clean.'
      : ' The release does not count here because the module carries symbol versions; the rest does.'),
  samples: [{ module: 'M', theirs: 'A', ours: 'B', releaseCounts: true }],
});

function difference(theirs: string, ours: string): string {
  const [a, b] = [theirs.split(' ').filter(Boolean), ours.split(' ').filter(Boolean)];
  const extra = a.filter(word => !b.includes(word));
  const missing = b.filter(word => !a.includes(word));
  if (extra.length === 0 && missing.length === 0) return 'white space only';
  return `${extra.join(' ') || 'nothing'} instead of ${missing.join(' ') || 'nothing'}`;
}
