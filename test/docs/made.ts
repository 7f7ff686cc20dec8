// Examples no recorded kernel can give: machines configured otherwise, removals, and what a file alone tells.
import { openObject } from '../../src/formats/ko/objectFile';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSnapshot } from '../../src/host/node/targets';
import { System } from '../../src/index';
import { parseSymvers } from '../../src/target/symvers';
import type { KernelFacts } from '../../src/target/types';
import { rmmodLines } from '../../src/kmod/insmodLine';
import { openLocator } from '../../src/host/places/locate';
import { TARGET_FILE } from '../kernel/lib/engine';
import type { KoFile } from '../kernel/lib/koFile';
import { casesFile, fixturesDir, recordedDir } from '../kernel/lib/paths';
import { applyRecipe, isStock, readFixtureModule, type Patch } from '../kernel/lib/recipe';
import { readRecording } from '../kernel/lib/recording';
import { inBuildDirectory } from '../support/located';
import { oid, sequence, tlv } from '../support/der';
import { configured, factsOf, fixture, fixturePath, moduleFile, releaseOf, type Generation } from '../support/recorded';
import { logLines, type Shown } from './shown';

/** Makes the example on a kernel, for the page of a code. */
export type Made = (kernel: Generation, code: string) => Promise<Shown>;

interface Loading {
  readonly about?: string;
  readonly args?: string;
  readonly flags?: number;
  readonly config?: Readonly<Record<string, string | null>>;
  readonly patches?: (ko: KoFile) => readonly Patch[];
  /** The first bytes of the file that it was packed in. */
  readonly packedHead?: Uint8Array;
  /** Bytes behind the file, in hexadecimal. */
  readonly append?: string;
  /** What the kernel exports otherwise; a name may end in `*`. */
  readonly exports?: Readonly<Record<string, { readonly owner?: string; readonly type?: string }>>;
}

/** A fixture that is loaded into a machine made for it. */
export function loaded(name: string, how: Loading): Made {
  return (kernel, code) => {
    const ko = fixture(kernel, name);
    const bytes = applyRecipe(moduleFile(ko, how.patches?.(ko) ?? []).bytes, {
      ...(how.append && { append: how.append }),
    });
    const facts = configured(kernel, how.config ?? {}, how.exports ? exporting(kernel, ko, how.exports) : {});
    const packing = how.packedHead && { compression: 'xz' as const, packedHead: how.packedHead };
    const file = packing ? `${name}.ko.xz` : `${name}.ko`;
    const flags = how.flags ?? 0;
    const result = new System(facts).insmod({ path: file, bytes, ...packing }, how.args ?? '', { flags });
    const finding = result.findings.find(candidate => candidate.code === code) ?? null;
    const command = ['insmod', file, how.args].filter(Boolean).join(' ');
    const force = (how.flags ?? 0) & 2 ? ' loaded with `--force-vermagic`' : '';
    return Promise.resolve({
      about: `${releaseOf(kernel)}: \`${name}\` of \`test/kernel/fixtures/\`${force}${how.about ? `, ${how.about}` : ''}.`,
      session: [`$ ${command}`, ...logLines(result.log, code), ...(result.insmod === null ? [] : [result.insmod])],
      finding,
    });
  };
}

/** What a kernel of another architecture was asked and answered; `release` names its recording. */
export function elsewhere(release: string, id: string): Made {
  return (_, code) => {
    const boots = readRecording(casesFile(release));
    const steps = boots.flatMap(({ cases }) => cases.filter(recorded => recorded.id === id)).flatMap(one => one.steps);
    const step = steps.find(({ op }) => op === 'insmod');
    if (step?.op !== 'insmod' || isStock(step.module)) throw new Error(`${release} has no case ${id}`);
    const name = step.module.fixture;
    const bytes = readFixtureModule(fixturesDir(release), step.module);
    const system = new System(readSnapshot(path.join(recordedDir(release), TARGET_FILE)));
    const result = system.insmod({ path: `${name}.ko`, bytes });
    const log = (step.log ?? []).map(([, text]) => ({ text }));
    return Promise.resolve({
      about: `${release}: \`${name}\` of \`test/kernel/arch/fixtures/\`, changed (case \`${id}\` of its recording).`,
      session: [`$ insmod ${name}.ko`, ...logLines(log, code), ...(result.insmod === null ? [] : [result.insmod])],
      finding: result.findings.find(candidate => candidate.code === code) ?? null,
    });
  };
}

/** A fixture of another architecture on its kernel, configured otherwise. */
export function elsewhereConfigured(release: string, name: string, config: Readonly<Record<string, string>>): Made {
  return (_, code) => {
    const facts = readSnapshot(path.join(recordedDir(release), TARGET_FILE));
    const system = new System({ ...facts, config: { ...facts.config, ...config } });
    const bytes = readFixtureModule(fixturesDir(release), { fixture: name });
    const result = system.insmod({ path: `${name}.ko`, bytes });
    const options = Object.keys(config).map(option => `\`CONFIG_${option}\``);
    return Promise.resolve({
      about: `${release}: \`${name}\` of \`test/kernel/arch/fixtures/\`, on this kernel with ${options.join(', ')}.`,
      session: [
        `$ insmod ${name}.ko`,
        ...logLines(result.log, code),
        ...(result.insmod === null ? [] : [result.insmod]),
      ],
      finding: result.findings.find(candidate => candidate.code === code) ?? null,
    });
  };
}

/** A module that is removed, after others were loaded. */
export function removed(name: string, before: readonly string[]): Made {
  return (kernel, code) => {
    const system = new System(factsOf(kernel));
    for (const each of before) system.insmod({ path: `${each}.ko`, bytes: readFileSync(fixturePath(kernel, each)) });
    const users = system.modules.find(module => module.name === name)?.holders ?? [];
    const { errno, log } = system.rmmod(name);
    const lines = rmmodLines(name, errno, users);
    const loads = before.map(each => `$ insmod ${each}.ko`);
    return Promise.resolve({
      about: `${releaseOf(kernel)}: fixtures of \`test/kernel/fixtures/\`.`,
      session: [...loads, `$ rmmod ${name}`, ...logLines(log, code), ...lines],
      finding: null,
    });
  };
}

const UNCHANGED = (): readonly Patch[] => [];

/** What the file itself tells, whatever the kernel. */
export function hinted(name: string, patches: (ko: KoFile) => readonly Patch[] = UNCHANGED): Made {
  return async (kernel, code) => {
    const isLocated = name === 'located';
    let found: Shown['finding'] = null;
    const look = async (path: string, bytes: Uint8Array): Promise<void> => {
      const hints = (await openLocator(path, openObject(bytes), name)).hints();
      found = hints.find(hint => hint.code === code) ?? null;
    };
    if (isLocated) await inBuildDirectory('debug', (_, module) => look(module, readFileSync(module)));
    else {
      const ko = fixture(kernel, name);
      await look(fixturePath(kernel, name), moduleFile(ko, patches(ko)).bytes);
    }
    const where = isLocated ? 'test/locate/fixtures/' : 'test/kernel/fixtures/';
    const changed = patches === UNCHANGED ? '' : ', changed';
    return { about: `On any kernel: \`${name}\` of \`${where}\`${changed}.`, session: [], finding: found };
  };
}

/** The kernel with what `ko` needs among its exports, and some of it otherwise. */
function exporting(kernel: Generation, ko: KoFile, changes: NonNullable<Loading['exports']>): Partial<KernelFacts> {
  const needed = new System(factsOf(kernel)).insmod(moduleFile(ko)).symbols;
  const change = (name: string): { readonly owner?: string; readonly type?: string } =>
    Object.entries(changes).find(([pattern]) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    )?.[1] ?? {};
  const lines = needed.map(({ name, wanted }) => {
    const { owner = 'vmlinux', type = 'EXPORT_SYMBOL' } = change(name);
    return `${wanted ?? '0x00000000'}\t${name}\t${owner}\t${type}\t\n`;
  });
  return { exports: parseSymvers(Buffer.from(lines.join(''))) };
}

const MARKER = Buffer.from('~Module signature appended~\n');

/** A signature whose content is plain data: id-data where id-signedData belongs. */
export const otherContent = ((): string => {
  const blob = sequence(oid('1.2.840.113549.1.7.1'), tlv(0xa0, sequence()));
  const info = Buffer.alloc(12);
  // PKEY_ID_PKCS7, and the length.
  info[2] = 2;
  info.writeUInt32BE(blob.length, 8);
  return Buffer.concat([blob, info, MARKER]).toString('hex');
})();
