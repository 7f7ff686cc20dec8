import { defineFinding, err, notice, warn, type LogLine } from './types';

export type TaintKind =
  | 'out-of-tree'
  | 'retpoline'
  | 'staging'
  | 'livepatch'
  | 'license'
  | 'license-late'
  | 'test'
  | 'unsigned'
  | 'unsigned-two-spaces';

export interface TaintFacts {
  readonly module: string;
  readonly kind: TaintKind;
  readonly detail: string;
}

const LINES: Record<TaintKind, (module: string, detail: string) => LogLine[]> = {
  'out-of-tree': module => [warn(`${module}: loading out-of-tree module taints kernel.`)],
  retpoline: module => [
    err('Spectre V2 : System may be vulnerable to spectre v2'),
    warn(`${module}: loading module not compiled with retpoline compiler.`),
  ],
  staging: module => [
    warn(`${module}: module is from the staging directory, the quality is unknown, you have been warned.`),
  ],
  livepatch: module => [notice(`${module}: tainting kernel with TAINT_LIVEPATCH`)],
  license: (module, license) => [warn(`${module}: module license '${license}' taints kernel.`)],
  'license-late': module => [warn(`${module}: module license taints kernel.`)],
  test: module => [warn(`${module}: loading test module taints kernel.`)],
  unsigned: module => [
    notice(`${module}: module verification failed: signature and/or required key missing - tainting kernel`),
  ],
  // 3.9 to 4.1
  'unsigned-two-spaces': module => [
    notice(`${module}: module verification failed: signature and/or  required key missing - tainting kernel`),
  ],
};

export const taintNotice = defineFinding<TaintFacts>({
  id: 'taint-notice',
  // Every module that is not the kernel's own has one: a list of problems is no place for it.
  severity: 'hint',
  once: ({ kind }) => (kind === 'livepatch' || kind.startsWith('unsigned') ? kind : null),
  dmesg: ({ module, kind, detail }) => LINES[kind](module, detail),
  explain: ({ kind }, t) =>
    kind === 'retpoline'
      ? t(
          "The module was built without this kernel's compiler options against Spectre. The kernel does not refuse it for this reason.",
        )
      : t(
          'The kernel notes that it runs code it cannot vouch for. This looks like an error but is not: the kernel never refuses a module for this reason.',
        ),
  errnos: {},
  anchor: 'license',
  fixes: ['add-license'],
  harmless: true,
  samples: (Object.keys(LINES) as TaintKind[]).map(kind => ({ module: 'M', kind, detail: 'X' })),
});
