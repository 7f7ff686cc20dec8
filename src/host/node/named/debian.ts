// Debian's kernels by name: which suites of which archive may have one, and which of its packages are needed.
import path from 'node:path';
import { note } from '../../../findings/notes';
import { InputError } from '../files';
import { bare, type AptSource } from './aptSources';
import { fetchListed, packagesOfSuite, type Archive, type Fetching, type ListedPackage } from './archive';

export interface DebianKernel {
  /** As in debian:12, debian:trixie/arm64, debian:6.1.0-50-amd64: code names of suites, or the release of a kernel. */
  readonly suites: readonly string[];
  /** null for the newest. */
  readonly release: string | null;
  /** Debian's name of it. */
  readonly architecture: string;
}

const CODE_NAMES: Readonly<Record<string, string>> = { 11: 'bullseye', 12: 'bookworm', 13: 'trixie', 14: 'forky' };
/** In the order in which a kernel of an older form of release is looked for. */
const KNOWN = ['bookworm', 'bullseye', 'trixie', 'forky', 'sid'];

/** Architectures by what ends the release of their usual kernels. The first of an architecture is the one that is taken. */
const FLAVORS: readonly (readonly [flavor: string, architecture: string])[] = [
  ['amd64', 'amd64'],
  ['arm64', 'arm64'],
  ['686-pae', 'i386'],
  ['686', 'i386'],
  ['armmp', 'armhf'],
  ['armmp-lpae', 'armhf'],
  ['marvell', 'armel'],
  ['powerpc64le', 'ppc64el'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['4kc-malta', 'mipsel'],
  ['5kc-malta', 'mips64el'],
  ['loong64', 'loong64'],
];

const OF_NODE: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: 'i386',
  arm: 'armhf',
  ppc64: 'ppc64el',
  loong64: 'loong64',
};

/** What a name behind `debian:` means. Throws {@link InputError}. */
export function parseDebianName(name: string): DebianKernel {
  const [, spec = '', given] = /^debian:([\w.+~-]+)(?:\/(\w+))?$/.exec(name) ?? [];
  if (spec === '') throw new InputError(name, note('no-kernel-name'));
  if (/^\d+\.\d+/.test(spec)) {
    const architecture = given ?? FLAVORS.findLast(([flavor]) => spec.endsWith(`-${flavor}`))?.[1];
    if (architecture === undefined) throw new InputError(name, note('no-kernel-name'));
    // Newer kernels name the version of Debian they were made for.
    const likely = CODE_NAMES[/\+deb(\d+)/.exec(spec)?.[1] ?? ''];
    const suites = [...(likely === undefined ? [] : [likely]), ...KNOWN.filter(suite => suite !== likely)];
    return { suites: suites.flatMap(withBackports), release: spec, architecture };
  }
  const suite = CODE_NAMES[spec] ?? spec;
  return { suites: withUpdates(suite), release: null, architecture: given ?? OF_NODE[process.arch] ?? process.arch };
}

/** Where new versions of a suite's packages appear; backports are suites of their own. */
function withUpdates(suite: string): string[] {
  return suite.includes('-') || suite === 'sid' ? [suite] : [`${suite}-security`, suite, `${suite}-updates`];
}

/** Where a kernel of a given release may be. */
const withBackports = (suite: string): string[] => [
  ...withUpdates(suite),
  ...(suite === 'sid' || suite === 'forky' ? [] : [`${suite}-backports`]),
];

export interface DebianArchives {
  readonly main: Archive;
  readonly security: Archive;
}

/** The archives of Debian among the sources of this machine, or below `mirror`; null where there are none. */
export function debianArchives(sources: readonly AptSource[], mirror: string | null): DebianArchives | null {
  if (mirror !== null) {
    const uri = bare(mirror);
    return { main: { uri, signedBy: null }, security: { uri: securityBeside(uri), signedBy: null } };
  }
  const isOurs = (suite: string): boolean => [...KNOWN, 'stable', 'testing'].some(known => suite.startsWith(known));
  const ofDebian = sources.filter(({ uri, suites, components }) => {
    return /^(?:https?|file):/.test(uri) && components.includes('main') && suites.some(isOurs);
  });
  const isSecurity = ({ suites }: AptSource): boolean => suites.some(suite => suite.includes('security'));
  const main = ofDebian.find(source => !isSecurity(source));
  if (!main) return null;
  return { main, security: ofDebian.find(isSecurity) ?? { ...main, uri: securityBeside(main.uri) } };
}

const securityBeside = (uri: string): string => uri.replace(/\/debian$/, '/debian-security');

export interface FoundKernel {
  readonly release: string;
  /** Of Debian's packages. */
  readonly version: string;
  readonly packages: readonly ArchivedPackage[];
  /** The package with the image, and the one with the modules, which may be the same. */
  readonly image: ArchivedPackage | null;
  readonly modules: ArchivedPackage | null;
}

export type ArchivedPackage = ListedPackage & { readonly archive: Archive };

/** Asks the archives for a kernel. Throws {@link InputError}. */
export async function findDebianKernel(
  name: string,
  { suites, release, architecture }: DebianKernel,
  { main, security }: DebianArchives,
  fetching: Fetching,
): Promise<FoundKernel> {
  const usual = `linux-image-${FLAVORS.find(([, of]) => of === architecture)?.[0] ?? architecture}`;
  const isWanted = (each: string): boolean => each === usual || isKernelPackage(each);
  const found: ArchivedPackage[] = [];
  for (const suite of suites) {
    const archive = suite.endsWith('-security') ? security : main;
    const listed = await packagesOfSuite(archive, suite, architecture, isWanted, fetching);
    for (const each of listed ?? []) found.push({ ...each, archive });
    // A release is in one suite; of a suite and its updates the newest counts.
    if (release !== null && found.some(each => releaseOfImage(each.name) === release)) break;
  }
  const releases = found.flatMap(each => releaseOfImage(each.name) ?? []);
  // Of a suite the kernel that its installer takes: others in it are newer, for clouds, or for real time.
  const chosen = releases.find(each => each === (release ?? dependencyOf(usual, found)));
  if (chosen === undefined) {
    const facts = { suites: suites.join(', '), architecture, mirror: main.uri };
    throw new InputError(name, note('kernel-not-found', facts));
  }
  const packages = partsOf(chosen, found);
  const image = imageOf(chosen, found) ?? null;
  const modules = newestOf(`linux-modules-${chosen}`, found) ?? image;
  return { release: chosen, version: packages[0]?.version ?? '', packages, image, modules };
}

const isKernelPackage = (name: string): boolean => /^linux-(?:image|headers|binary|modules)-\d/.test(name);

/** The release of an image; null for other packages, and for kernels that are signed again with another name. */
function releaseOfImage(name: string): string | null {
  return /^linux-image-(\d.*?)(?:-unsigned)?$/.exec(name)?.[1] ?? null;
}

/** The release that the newest of the packages of that name, which are empty, depends on. */
function dependencyOf(name: string, found: readonly ListedPackage[]): string | null {
  return /\blinux-image-(\d[^\s,]*)/.exec(newestOf(name, found)?.depends ?? '')?.[1] ?? null;
}

const newestOf = <P extends ListedPackage>(name: string, found: readonly P[]): P | undefined =>
  found
    .filter(each => each.name === name)
    .sort((a, b) => byNumbers(a.version, b.version))
    .at(-1);

const byNumbers = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The image, and headers with what flavors share; modules only where no headers tell what they export. */
function partsOf<P extends ListedPackage>(chosen: string, found: readonly P[]): P[] {
  const headers = newestOf(`linux-headers-${chosen}`, found);
  const common = found.filter(({ name }) => {
    const [, start] = /^linux-headers-(.+)-common$/.exec(name) ?? [];
    return start !== undefined && chosen.startsWith(`${start}-`);
  });
  const image = imageOf(chosen, found);
  const modules = headers ? undefined : newestOf(`linux-modules-${chosen}`, found);
  return [headers, newestOf(common.at(-1)?.name ?? '', found), image, modules].filter(each => each !== undefined);
}

/** Of the newest kernels the package of the image is empty, and needs another that has it. */
function imageOf<P extends ListedPackage>(chosen: string, found: readonly P[]): P | undefined {
  const names = [`linux-binary-${chosen}`, `linux-image-${chosen}`, `linux-image-${chosen}-unsigned`];
  return names.map(each => newestOf(each, found)).find(each => each !== undefined);
}

/** Fetches packages of a kernel; their files. Throws {@link InputError}. */
export async function fetchDebianPackages(packages: readonly ArchivedPackage[], fetching: Fetching): Promise<string[]> {
  const files: string[] = [];
  for (const listed of packages) {
    const to = path.join(fetching.scratch, path.basename(listed.file));
    await fetchListed(listed.archive, listed, to, fetching);
    files.push(to);
  }
  return files;
}
