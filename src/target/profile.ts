// A kernel that is not at hand, known by release and architecture alone. Everything else is taken from its modules: vermagic,
// options that vermagic names, and the symbols they were linked against. None of that is checked, and stages say so.
import { toBytes } from '../formats/bytes/strings';
import { STB_WEAK } from '../formats/elf/constants';
import { readSections, type SectionTable } from '../formats/elf/sectionByName';
import { readSymbolTable } from '../formats/elf/symtab';
import { eachUndefined, readVersions } from '../formats/ko/imports';
import { getModinfo } from '../formats/ko/modinfo';
import { parseSymvers, symversRow } from './symvers';
import { ARCH_NAMES, type Arch, type KernelFacts } from './types';

/** What targets of this kind begin with, where a path could stand: `profile:2.6.39-i386`. */
export const PROFILE = 'profile:';

export interface Profile {
  readonly release: string;
  readonly arch: Arch;
}

/** Names of uname(1) and of distributions. An architecture without rules here stands for its byte order and class. */
const ALIASES: Readonly<Record<string, Arch>> = {
  amd64: 'x86_64',
  x86: 'i386',
  i486: 'i386',
  i586: 'i386',
  i686: 'i386',
  aarch64: 'arm64',
  armel: 'arm',
  armhf: 'arm',
  armv5tel: 'arm',
  armv6l: 'arm',
  armv7l: 'arm',
  riscv: 'riscv64',
  ppc64el: 'ppc64le',
  ppc: 'other32be',
  powerpc: 'other32be',
  ppc64: 'other64be',
  sparc: 'other32be',
  sparc64: 'other64be',
  m68k: 'other32be',
  hppa: 'other32be',
  sh4: 'other32',
  loong64: 'loongarch64',
};

/** Reads `RELEASE[-ARCH]`, of x86_64 where no architecture is named; null for what is no release. */
export function parseProfile(name: string): Profile | null {
  if (!/^\d+\.\d[\w.+~-]*$/.test(name)) return null;
  const dash = name.lastIndexOf('-');
  const word = dash < 0 ? '' : name.slice(dash + 1);
  const arch = ARCH_NAMES.find(each => each === word) ?? ALIASES[word];
  return arch ? { release: name.slice(0, dash), arch } : { release: name, arch: 'x86_64' };
}

/** Options that decide about little, set as distributions of the time did. */
const USUAL = ['MODULES', 'MODULE_UNLOAD', 'KALLSYMS', 'DYNAMIC_DEBUG', 'UNUSED_SYMBOLS', 'LIVEPATCH'];

/** Facts about such a kernel before any module was seen. */
export function profileFacts({ release, arch }: Profile): KernelFacts {
  return {
    release,
    arch,
    vermagic: '',
    config: Object.fromEntries(USUAL.map(option => [option, 'y'])),
    distribution: null,
    exports: parseSymvers(new Uint8Array(0)),
    structModule: null,
    builtin: null,
    trustedKeys: null,
    ownSigners: [],
    btf: null,
    profile: { isSame: null },
    sources: { release: 'the name of the profile' },
  };
}

/** Words of vermagic and the options they stand for. */
const WORDS: Readonly<Record<string, string>> = {
  SMP: 'SMP',
  preempt: 'PREEMPT',
  preempt_rt: 'PREEMPT_RT',
  mod_unload: 'MODULE_UNLOAD',
  modversions: 'MODVERSIONS',
};

/**
 * The same facts with what a module says of its kernel. Facts that an earlier module gave stay.
 * @param isExported by a module that is loaded already
 */
export function toldByModule(
  facts: KernelFacts,
  bytes: Uint8Array,
  isExported: (name: string) => boolean,
): KernelFacts {
  const sections = readSections(bytes);
  if (!sections) return facts;
  const known = facts.vermagic === '' ? withVermagic(facts, sections) : facts;
  const text = [...linkedNames(bytes, sections, known)]
    .filter(([name]) => facts.exports.findName(name) < 0 && !isExported(name))
    .map(([name, crc]) => symversRow({ name, crc }))
    .join('');
  if (text === '') return known;
  // Rows that were there keep their numbers, and with them their addresses.
  const earlier = facts.exports.text;
  const whole = new Uint8Array(earlier.length + text.length);
  whole.set(earlier);
  whole.set(toBytes(text), earlier.length);
  return { ...known, exports: parseSymvers(whole) };
}

/** Another release stands in place of the module's own where that is not the one that was asked for. */
function withVermagic(facts: KernelFacts, sections: SectionTable): KernelFacts {
  const modinfo = sections.find('.modinfo')?.bytes;
  const magic = modinfo ? getModinfo(modinfo, 'vermagic') : null;
  if (magic === null) return facts;
  const space = magic.indexOf(' ');
  const release = space < 0 ? magic : magic.slice(0, space);
  const isSame = isReleaseOf(facts.release, release);
  const words = new Set(magic.split(' ').slice(1));
  const config: Record<string, string> = { ...facts.config };
  for (const [word, option] of Object.entries(WORDS)) {
    if (words.has(word)) config[option] = 'y';
    else delete config[option];
  }
  const vermagic = isSame ? magic : facts.release + magic.slice(release.length);
  return { ...facts, vermagic, config, profile: { isSame } };
}

/** Whether a release is the one that was asked for, or one of its updates and builds. */
function isReleaseOf(wanted: string, built: string): boolean {
  return built.startsWith(wanted) && !/^\d/.test(built.slice(wanted.length));
}

/**
 * Names the kernel must have exported for the module to be linked, with the CRCs the module was built with. A weak one only
 * where it has a CRC; struct module's only where the module is of this release.
 */
function linkedNames(bytes: Uint8Array, sections: SectionTable, { profile }: KernelFacts): Map<string, number> {
  const crcs = readVersions(sections);
  const names = new Map<string, number>();
  for (const name of profile?.isSame ? ['module_layout', 'struct_module'] : []) {
    const crc = crcs.get(name);
    if (crc !== undefined) names.set(name, crc);
  }
  const symbols = readSymbolTable(bytes, sections);
  eachUndefined(symbols, index => {
    const name = symbols.name(index);
    if (!/^[!-~]+$/.test(name) || (symbols.bind(index) === STB_WEAK && !crcs.has(name))) return;
    names.set(name, crcs.get(name) ?? 0);
  });
  return names;
}
