import { defineFinding, err, warn, type LogLine } from './types';

type Value = number | string;

/** The kernel prints some unsigned fields with %d. */
const signed = (value: Value): Value => (typeof value === 'number' ? value | 0 : value);

/** The kernel's line for each check of the ELF file (main.c: elf_validity_check and its 7.2 successors). */
const LINES = {
  'header-len': (len: Value) => `Invalid ELF header len ${len}`,
  magic: () => 'Invalid ELF header magic: != \x7fELF',
  type: (type: Value) => `Invalid ELF header type: ${type} != 1`,
  arch: (machine: Value) => `Invalid architecture in ELF header: ${machine}`,
  'module-arch': (machine: Value) => `Invalid module architecture in ELF header: ${machine}`,
  shentsize: () => 'Invalid ELF section header size',
  shoff: () => 'Invalid ELF section header overflow',
  shstrndx: (index: Value, shnum: Value) =>
    `Invalid ELF section name index: ${index} || e_shstrndx (${index}) >= e_shnum (${shnum})`,
  'shstrtab-bounds': (type: Value) => `Invalid ELF section hdr(type ${type})`,
  'shstrtab-type': (type: Value) => `Invalid ELF section name table type: ${type}`,
  'shstrtab-empty': () => 'empty section name table',
  'shstrtab-end': () => "ELF Spec violation: section name table isn't null terminated",
  'section-0': (type: Value) => `ELF Spec violation: section 0 type(${signed(type)})!=SH_NULL or non-zero len or addr`,
  'sh-link': (link: Value, shnum: Value) =>
    `Invalid ELF sh_link!=SHN_UNDEF(${signed(link)}) or (sh_link(${signed(link)}) >= hdr->e_shnum(${shnum})`,
  section: (index: Value, type: Value) => `Invalid ELF section in module (section ${index} type ${type})`,
  'section-name': (index: Value, type: Value) => `Invalid ELF section name in module (section ${index} type ${type})`,
  'modinfo-twice': () => 'Only one .modinfo section must exist.',
  'no-symbols': (name: Value) => `${name}: module has no symbols (stripped?)`,
  'no-module': (name: Value) => `${name}: No module found in object`,
  // Up to 4.16.
  'no-module-nameless': () => 'No module found in object',
  // Up to 5.9.
  truncated: (len: Value) => `Module len ${len} truncated`,
  'this-module-unique': (name: Value) => `module ${name}: Only one .gnu.linkonce.this_module section must exist.`,
  'this-module-exactly-one': (name: Value) =>
    `module ${name}: Exactly one .gnu.linkonce.this_module section must exist.`,
  'this-module-nobits': (name: Value) => `module ${name}: .gnu.linkonce.this_module section must have a size set`,
  'this-module-alloc': (name: Value) =>
    `module ${name}: .gnu.linkonce.this_module must occupy memory during process execution`,
  'strtab-type': (type: Value) => `Invalid ELF symbol string table type: ${type}`,
  'strtab-empty': () => 'empty symbol string table',
  'strtab-start': () => 'symbol string table missing leading NUL',
  'strtab-end': () => "symbol string table isn't NUL terminated",
  'symbol-name': () => 'symbol name out of bounds in string table',
  'ext-versions': () => 'extended version crc+name presence does not match',
  'ext-names': () => 'more extended version crcs than names',
} satisfies Record<string, (first: Value, second: Value) => string>;

export type ElfCheck = keyof typeof LINES;

const WARNINGS: readonly ElfCheck[] = ['no-symbols', 'no-module', 'no-module-nameless'];

/** Checks whose line begins with the name of the module. */
const NAMING: ReadonlySet<ElfCheck> = new Set<ElfCheck>([
  'no-symbols',
  'no-module',
  'this-module-unique',
  'this-module-exactly-one',
  'this-module-nobits',
  'this-module-alloc',
]);

/** A file that was built for another machine. */
export interface Foreign {
  /** As {@link machineName} has it. */
  readonly machine: string;
  /** The release in its vermagic; null when it has none that can be read. */
  readonly release: string | null;
  /** The architecture of the target. */
  readonly target: string;
}

export interface NotLoadableFacts {
  readonly check: ElfCheck;
  readonly values: readonly Value[];
  /** Whether this kernel prints a line for this check. */
  readonly spoken: boolean;
  /** 5.10 ends with one line for all of these checks. */
  readonly summary: boolean;
  readonly foreign: Foreign | null;
}

const SUMMARY = 'Module has invalid ELF structures';

/** The line of a check, printed or not. */
function lineOf({ check, values }: NotLoadableFacts): string {
  return LINES[check](values[0] ?? 0, values[1] ?? 0);
}

export const notLoadable = defineFinding<NotLoadableFacts>({
  id: 'not-loadable',
  severity: 'error',
  dmesg: facts => {
    const lines: LogLine[] = [];
    if (facts.spoken) lines.push((WARNINGS.includes(facts.check) ? warn : err)(lineOf(facts)));
    if (facts.summary) lines.push(err(SUMMARY));
    return lines;
  },
  message: lineOf,
  explain: ({ spoken, summary, foreign }, t) => {
    if (foreign)
      return foreign.release === null
        ? t(
            'This is a {0} module, and the target is {1}. Build the module for the target.',
            foreign.machine,
            foreign.target,
          )
        : t(
            'This is a {0} module for {1}, and the target is {2}. Build the module for the target.',
            foreign.machine,
            foreign.release,
            foreign.target,
          );
    return spoken || summary
      ? t(
          'The file is not a relocatable ELF object that this kernel takes as a module: damaged, cut off, stripped too far, built for another machine, or not a module at all.',
        )
      : t(
          'The file is not a relocatable ELF object that this kernel takes as a module: damaged, cut off, stripped too far, built for another machine, or not a module at all. The kernel prints no line for this; insmod only says "Invalid module format".',
        );
  },
  errnos: { 8: 5 },
  anchor: 'build',
  fixes: ['rebuild'],
  samples: (Object.keys(LINES) as ElfCheck[]).map(check => ({
    check,
    values: NAMING.has(check) ? ['M'] : [1001, 1002],
    spoken: true,
    summary: check === 'magic',
    foreign: check === 'arch' ? { machine: '32-bit ARM', release: 'R', target: 'x86_64' } : null,
  })),
});
