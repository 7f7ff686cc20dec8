import { defineFinding, err } from './types';

export interface StructModuleFacts {
  readonly module: string;
  /** bytes in the module, and in the kernel */
  readonly size: number;
  readonly expected: number;
  /** Releases that the module was built for, as far as its vermagic says, and of the target. */
  readonly built: string | null;
  readonly target: string;
}

export const thisModuleSize = defineFinding<StructModuleFacts>({
  id: 'this-module-size',
  severity: 'error',
  dmesg: ({ module }) =>
    err(
      `module ${module}: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time`,
    ),
  explain: ({ size, expected, built, target }, t) =>
    built !== null && built !== target
      ? t(
          'The module was built for {0}, and the target is {1}. struct module is {2} bytes in this file and {3} bytes in the kernel. Rebuild the module against the headers of the target kernel.',
          built,
          target,
          size,
          expected,
        )
      : t(
          'struct module is {size} bytes in this file and {expected} bytes in the kernel. The module was built against headers with another configuration; the release name and vermagic need not show it.',
          { size, expected },
        ),
  errnos: { 8: 3 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: [
    { module: 'M', size: 1001, expected: 1002, built: null, target: 'B' },
    { module: 'M', size: 1001, expected: 1002, built: 'A', target: 'B' },
  ],
});
