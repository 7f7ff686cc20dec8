// Lines of call traces and dumps of registers: what they show about the code that was running.
/** A line of a call trace: what it shows about the code that was running. */
export interface TraceRow {
  readonly pattern: RegExp;
  /**
   * `init`: the loader was calling init. `loader`: the loader itself was running. `loading`: a tool was loading a module.
   * `coming`: the kernel lists the module as being loaded. `end`: the trace is over. `other`: nothing.
   */
  readonly shows: 'init' | 'loader' | 'loading' | 'coming' | 'place' | 'end' | 'other';
}

/** Tried in this order; they belong to the crash or warning before them. */
export const TRACE_LINES: readonly TraceRow[] = [
  { pattern: /---\[ end (?:trace|Kernel panic)|^<\/TASK>/, shows: 'end' },
  { pattern: /\b(?:do_init_module|do_one_initcall)\+0x/, shows: 'init' },
  { pattern: /(?<![\w.])(?<place>[\w.]+\+0x[0-9a-f]+\/0x[0-9a-f]+) \[(?<module>[\w-]+)/, shows: 'place' },
  {
    pattern:
      /\b(?:load_module|apply_(?:relocat\w+|paravirt|alternatives|retpolines|returns|fineibt|seal_endbr)|simplify_symbols|find_module_sections|module_finalize|layout_and_allocate|init_module_from_file)\+0x/,
    shows: 'loader',
  },
  {
    pattern: /^Process (?:insmod|modprobe|kmod|kmodloader|systemd-udevd|udevd|systemd-modules) \(pid: /,
    shows: 'loading',
  },
  { pattern: /Modules linked in:.*?\b(?<module>[\w-]+)\([A-Z]*\+\)/, shows: 'coming' },
  {
    pattern:
      /\+0x[0-9a-f]+\/0x[0-9a-f]+|^(?:<TASK>|#PF: |PGD |pgd = |Code: |R[A-Z0-9]{2}: |CR2: |CS: |FS: |Call [Tt]race|Hardware name: |pstate: |[ls][rp] : |Stack: ?|IP:$|\[[0-9a-f]+\] \*pgd=|-+\[ cut here|(?:Mem|Data) abort info:|ESR = |Exception class = |SET = |EA = |ISV = |CM = |FSC = |(?:user|swapper) pgtable: |\[[0-9a-f]+\] p[gu]d[=p]|task: |Process \w+ \(pid: |EIP: |E[A-D]X: |index \S+ is out of range|shift exponent |Modules linked in: )/,
    shows: 'other',
  },
  {
    pattern: /\bComm: (?:insmod|modprobe|kmod|kmodloader|systemd-udevd|systemd-modules|\(udev-worker\)|udevd)/,
    shows: 'loading',
  },
  { pattern: /^CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: /, shows: 'other' },
];

/** Words that such lines have. */
export const TRACE_WORDS = [
  'linked',
  'Comm',
  'trace',
  'TASK',
  'PGD',
  'pgd',
  'Code',
  'RIP',
  'RSP',
  'RAX',
  'RDX',
  'RBP',
  'CR',
  'CS',
  'FS',
  'Call',
  'Hardware',
  'pstate',
  'Stack',
  'IP',
  'cut',
  'PF',
  'abort',
  'ESR',
  'Exception',
  'SET',
  'EA',
  'ISV',
  'CM',
  'FSC',
  'pgtable',
  'pgdp',
  'task',
  'Process',
  'index',
  'shift',
  'EIP',
  'EAX',
  'PID',
];
