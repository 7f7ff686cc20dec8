// Fetches Debian's kernel packages and unpacks them into the lab; nothing is installed.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kernelChoice, labRelease, type KernelChoice } from './kernels';
import { archiveUri } from './machine';
import { labDir } from './paths';
import { progress, run } from './shell';

interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly file: string;
}

/** The package index of a suite, downloaded once. */
function packageIndex(choice: KernelChoice, architecture: string): DebianPackage[] {
  const file = path.join(labDir(), 'idx', `${choice.suite}.${architecture}`);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    download(
      `${archiveUri(choice.archive)}/dists/${choice.suite}/main/binary-${architecture}/Packages.xz`,
      `${file}.xz`,
    );
    run('xz', ['-d', '-f', `${file}.xz`]);
  }
  return parseIndex(readFileSync(file, 'utf8'));
}

function parseIndex(text: string): DebianPackage[] {
  return text.split('\n\n').map(stanza => ({
    name: /^Package: (.*)$/m.exec(stanza)?.[1] ?? '',
    version: /^Version: (.*)$/m.exec(stanza)?.[1] ?? '',
    file: /^Filename: (.*)$/m.exec(stanza)?.[1] ?? '',
  }));
}

function download(uri: string, file: string): void {
  run('curl', ['-fsS', '-o', `${file}.part`, uri]);
  renameSync(`${file}.part`, file);
}

/** Numeric parts compared as numbers: 6.1.0-50 is newer than 6.1.0-9. */
function newest(packages: readonly DebianPackage[]): DebianPackage | undefined {
  return [...packages].sort((a, b) => compareNumbers(a.name, b.name)).at(-1);
}

function compareNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function unpack(choice: KernelChoice, pkg: DebianPackage, into: string): void {
  const deb = path.join(labDir(), 'pkgs', path.basename(pkg.file));
  mkdirSync(path.dirname(deb), { recursive: true });
  if (!existsSync(deb)) {
    progress(`fetching ${path.basename(pkg.file)}`);
    download(`${archiveUri(choice.archive)}/${pkg.file}`, deb);
  }
  run('dpkg-deb', ['-x', deb, into]);
}

const HEADERS = 'linux-headers-';

/**
 * Downloads and unpacks a kernel of that series: image, modules, headers and build tools. The newest of those that are
 * wanted, where there is one, else the newest of all.
 */
export function fetchKernel(key: string, wanted: readonly string[] = []): void {
  fetchPackages(kernelChoice(key), key, 'amd64', 'amd64', wanted);
}

/** The newest image of a series, with whatever its package has besides, and no headers: the archive drops those first. */
export function fetchImage(choice: KernelChoice): void {
  const { key } = choice;
  if (labRelease(key) !== null) return;
  const series = key.replace('.', '\\.');
  // Since 6.19 the kernel itself is in a package of its own.
  const name = new RegExp(`^linux-(?:image|binary)-(${series}\\.[0-9]+[+a-z0-9]*-amd64)$`);
  const packages = packageIndex(choice, 'amd64').filter(pkg => name.test(pkg.name));
  const release = name.exec(newest(packages)?.name ?? '')?.[1];
  if (release === undefined) throw new Error(`no image of ${key} in ${choice.suite}`);
  const dir = path.join(labDir(), key);
  mkdirSync(dir, { recursive: true });
  for (const pkg of packages.filter(each => each.name.endsWith(`-${release}`))) unpack(choice, pkg, dir);
  writeFileSync(path.join(dir, 'release'), `${release}\n`);
}

/** The source of a series, unpacked into the kernel's directory of the lab; where it is. */
export function fetchSource(choice: KernelChoice, version: string): string {
  const name = `linux-source-${version}`;
  const dir = path.join(labDir(), choice.key);
  const source = path.join(dir, name);
  if (existsSync(source)) return source;
  const packages = packageIndex(choice, 'amd64').filter(pkg => pkg.name === name);
  const byVersion = (a: DebianPackage, b: DebianPackage): number => compareNumbers(a.version, b.version);
  const newest = packages.sort(byVersion).at(-1);
  if (!newest) throw new Error(`no ${name} in ${choice.suite}`);
  mkdirSync(dir, { recursive: true });
  unpack(choice, newest, dir);
  run('tar', ['-C', dir, '-xf', path.join(dir, 'usr/src', `${name}.tar.xz`)]);
  return source;
}

/** The kernel that runs as a program, with its modules and the C library it was built for, into uml-KEY of the lab. */
export function fetchUserModeLinux(key: string): void {
  const choice = kernelChoice(key);
  const dir = path.join(labDir(), `uml-${key}`);
  mkdirSync(dir, { recursive: true });
  for (const wanted of ['user-mode-linux', 'libc6']) {
    const found = packageIndex(choice, 'amd64').find(({ name }) => name === wanted);
    if (!found) throw new Error(`no ${wanted} in ${choice.suite}`);
    unpack(choice, found, dir);
  }
  const [release = ''] = readdirSync(path.join(dir, 'usr/lib/uml/modules'));
  writeFileSync(path.join(dir, 'release'), `${release}\n`);
}

/**
 * As {@link fetchKernel}, for any of Debian's architectures; the build tools are those of this machine.
 *
 * @param version of the series, such as 6.1
 * @param flavour the end of the release
 */
export function fetchPackages(
  choice: KernelChoice,
  version: string,
  architecture: string,
  flavour: string,
  wanted: readonly string[],
): void {
  const { key } = choice;
  if (labRelease(key) !== null) return;
  const index = packageIndex(choice, architecture);
  const tools = architecture === 'amd64' ? index : packageIndex(choice, 'amd64');
  const series = new RegExp(`^linux-headers-${version.replace('.', '\\.')}\\.[0-9]+([+a-z0-9]*)(-[0-9]+)?-${flavour}$`);
  const all = index.filter(p => series.test(p.name));
  const headers = newest(all.filter(p => wanted.includes(p.name.slice(HEADERS.length)))) ?? newest(all);
  if (!headers) throw new Error(`no headers of ${key} in ${choice.suite}`);
  const release = headers.name.slice(HEADERS.length);
  const base = release.slice(0, -flavour.length - 1);
  const dir = path.join(labDir(), key);
  mkdirSync(dir, { recursive: true });
  const kbuild = [`linux-kbuild-${base}`, `linux-kbuild-${version}`];
  const required = [[headers.name], [`linux-headers-${base}-common`], kbuild];
  // The image is signed or not, and since 7.x split into a binary and a modules package.
  const image = [[`linux-image-${release}-unsigned`, `linux-image-${release}`]];
  const optional = [[`linux-binary-${release}`], [`linux-modules-${release}`]];
  for (const names of [...required, ...image, ...optional]) {
    const found = names === kbuild ? tools : index;
    const pkg = names.map(name => found.find(p => p.name === name)).find(p => p !== undefined);
    if (pkg) unpack(choice, pkg, dir);
    else if (!optional.includes(names)) throw new Error(`no package ${names.join(' or ')} in ${choice.suite}`);
  }
  writeFileSync(path.join(dir, 'release'), `${release}\n`);
}
