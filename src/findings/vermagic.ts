import { defineFinding, err } from './types';
import type { Translate } from './words';

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
  explain: ({ theirs, ours, releaseCounts }, t) => {
    const values = [theirs.trim(), ours.trim(), difference(theirs, ours, t)];
    const [built, target] = [theirs, ours].map(words => words.trim().split(' ', 1)[0] ?? '');
    if (seed(theirs) !== null && seed(ours) !== null && seed(theirs) !== seed(ours) && built === target)
      return t(
        'Both were built for {0} with a randomized layout of structures (RANDSTRUCT), and with different seeds, so their structures differ. Build the module in the tree that the target was built in, with its scripts/basic/randstruct.seed.',
        built ?? '',
      );
    if (releaseCounts && built !== target)
      return t(
        'Built for {0}, and the target is {1}. Rebuild the module against the headers of the target kernel, from clean. The two differ in: {2}.',
        built ?? '',
        target ?? '',
        difference(theirs, ours, t),
      );
    return releaseCounts
      ? t(
          'The module says it was built for "{0}"; the kernel is "{1}". They differ in: {2}. Rebuild the module against the headers of the target kernel, from clean.',
          ...values,
        )
      : t(
          'The module says it was built for "{0}"; the kernel is "{1}". They differ in: {2}. The release does not count here because the module carries symbol versions; the rest does.',
          ...values,
        );
  },
  errnos: { 8: 1 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [{ module: 'M', theirs: 'A', ours: 'B', releaseCounts: true }],
});

function difference(theirs: string, ours: string, t: Translate): string {
  const [a, b] = [theirs.split(' ').filter(Boolean), ours.split(' ').filter(Boolean)];
  const extra = a.filter(word => !b.includes(word)).join(' ');
  const missing = b.filter(word => !a.includes(word)).join(' ');
  if (extra === '') return missing === '' ? t('white space only') : t('nothing instead of {0}', missing);
  return missing === '' ? t('{0} instead of nothing', extra) : t('{0} instead of {1}', extra, missing);
}

/** The hash of the seed that a kernel with RANDSTRUCT has in its vermagic (include/linux/vermagic.h). */
function seed(words: string): string | null {
  return /\bRANDSTRUCT_\w+/.exec(words)?.[0] ?? null;
}
