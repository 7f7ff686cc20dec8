// Differences of the kernels from 2.6.21 to 5.4, from the sources of those releases. A booted 3.10.4 and 4.8.6 confirm some.
// Part of generations.ts, which alone decides by release.
import type { Row } from './generationRow';

export const CLASSIC_ROWS = {
  strictNumbers: {
    since: [2, 6, 25],
    commit: '06b2a76d25d3: what follows the digits of a number refuses it, as strict_strtol() does',
  },
  stagingTaint: { since: [2, 6, 28], commit: '061b1bd394ca: taint C, and its line' },
  moduleLayoutSymbol: {
    since: [2, 6, 30],
    commit:
      '8c8ef42aee8f ("module: include other structures in module version check"): module_layout, before it struct_module',
  },
  lockDebuggingLine: {
    since: [2, 6, 30],
    commit: 'between 2.6.24 and 2.6.32: "Disabling lock debugging due to kernel taint"',
  },
  paramFlags: {
    since: [2, 6, 31],
    commit: 'fddd52012295: struct kernel_param says whether a bool parameter is a bool',
  },
  kallsymsTrimmed: { since: [2, 6, 33], commit: '4a4962263f07: only core symbols outlive init' },
  dottedPercpu: { since: [2, 6, 34], commit: 'before 2.6.34 the section was .data.percpu' },
  unknownSymbolError: {
    since: [2, 6, 35],
    judged: true,
    commit:
      '9bea7f239 ("module: fix bne2 \"gave up waiting for init of module libcrc32c\""): (err N), and the resolver\'s own error',
  },
  loadInfo: {
    since: [2, 6, 36],
    commit: 'between 2.6.35 and 2.6.36: load_module() became several functions, with struct load_info',
  },
  paramOps: {
    since: [2, 6, 36],
    commit: '9bbb9e5a3310 ("param: use ops in struct kernel_param, rather than get and set fns directly")',
  },
  rangedNumbers: {
    since: [2, 6, 39],
    commit: '33ee3b2e2eb9 ("kstrto*: converting strings to integers done (hopefully) right"): ERANGE',
  },
  bsearchExports: { since: [3, 0], commit: '"module: Use the binary search for symbols resolution"' },
  outOfTreeTaint: { since: [3, 2], judged: true, commit: '2449b8ba0745: taint O' },
  boolParamsOnly: {
    since: [3, 3],
    commit: '72db395ffadb ("module_param: check type correctness for module_param(bool)")',
  },
  paramOpsFlags: {
    since: [3, 12],
    commit: '6a4c264313c4 ("module: Add NOARG flag for ops with param_set_bool_enable_only() set function")',
  },
  paramUnsafe: { since: [3, 17], commit: '91f9d330cc14: unsafe parameters, and the flag for them' },
  ronxOption: { since: [4, 11], commit: '0f5bf6d0afe4: CONFIG_DEBUG_SET_MODULE_RONX became CONFIG_STRICT_MODULE_RWX' },
  x86ModulePrefix: {
    since: [3, 5],
    judged: true,
    commit: 'c767a54ba065 ("x86/debug: Add KERN_<LEVEL> to bare printks, convert printks to pr_<level>")',
  },
  dyndbgParameter: { since: [3, 4], judged: true, commit: 'b48420c1d301: dyndbg= belongs to every module' },
  oneLineAboutFuture: {
    since: [3, 6],
    commit: '"Remove Documentation/feature-removal-schedule.txt", and the line that names it',
  },
  signatures: { since: [3, 7], commit: '106a4ee258d1 ("module: signature checking hook")' },
  finitModule: { since: [3, 8], commit: '34e1169d996a ("module: add syscall to load module from fd")' },
  initInItsOwnFunction: { since: [3, 8], commit: '34e1169d996a: init runs in do_init_module(), and lines name it' },
  listedEarly: { since: [3, 9], commit: '1fb9341ac348 ("module: put modules in list much earlier")' },
  unsignedLine: {
    since: [3, 9],
    commit: '64748a2c9062 ("module: printk message when module signature fail taints kernel.")',
  },
  unsignedTaint: { since: [3, 15], commit: '66cc69e34e86: taint E where it was F' },
  sizedNumbers: {
    since: [3, 15],
    judged: true,
    commit: '88a88b320a67 ("params: improve standard definitions"): ERANGE for what does not fit the type',
  },
  lveIsProprietary: { since: [3, 18], commit: 'between 3.10 and 3.18' },
  outOfTreeLine: { since: [4, 2], judged: true, commit: 'between 3.18 and 4.4: a line about taint O' },
  lateLicenseLine: {
    since: [4, 2],
    commit: 'between 3.18 and 4.4: "module license taints kernel." of modules known by name',
  },
  unsignedLineSpaced: { since: [4, 2], commit: 'between 3.18 and 4.4: one space in "and/or required"' },
  pkcs7Signatures: { since: [4, 3], commit: '3f1e1bea3474 ("MODSIGN: Use PKCS#7 messages as module signatures")' },
  modKallsyms: {
    since: [4, 5],
    commit: '8244062ef1e5 ("modules: fix longstanding /proc/kallsyms vs module insertion race.")',
  },
  boolOnOff: { since: [4, 6], commit: 'a81a5a17d44b: on and off' },
  missingVersionTolerated: {
    since: [4, 9],
    commit: 'faaae2a58143 ("Re-enable CONFIG_MODVERSIONS in a slightly weaker form")',
  },
  livepatchTaint: { since: [4, 9], commit: '2992ef29ae01 ("livepatch/module: make TAINT_LIVEPATCH module-specific")' },
  namedEarly: {
    since: [4, 17],
    commit: 'between 4.16 and 4.19: struct load_info has the name; .modinfo is looked for first',
  },
  missingSymbolNumbered: {
    since: [4, 19],
    judged: true,
    commit: '"module: print sensible error code": -2 where it was 0',
  },
  typetab: { since: [5, 2], commit: '1c7651f43777 ("kallsyms: store type information in its own array")' },
  signatureReasons: {
    since: [5, 4],
    commit: '49fcf732bdae ("lockdown: Enforce module signatures if the kernel is locked down")',
  },
} as const satisfies Record<string, Row>;
