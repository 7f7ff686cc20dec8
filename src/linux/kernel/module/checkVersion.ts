// check_version() (kernel/module/version.c): the CRC a module was built with against the exporter's.
import { symbolVersion } from '../../../findings/symbolVersion';
import { releases } from './loadInfo';
import type { Features } from '../../features';
import type { SymbolId } from '../../../formats/ko/symbolNames';
import { eachExtendedVersion, eachVersion, type VersionVisitor } from '../../../formats/ko/versions';
import { tryToForceLoad } from './tryToForceLoad';
import { sectionBytes } from './loadInfo';
import type { Load } from './types';

/** The CRC the module wants for a symbol, or null when its tables do not list it. */
export function wantedCrc(load: Load, symbol: SymbolId): number | null {
  const { versions } = load.machine.kernel;
  if (load.versions !== versions.filling || load.versions === 0) readVersions(load);
  return versions.get(symbol);
}

function readVersions(load: Load): void {
  const { info, features } = load;
  const { names, versions } = load.machine.kernel;
  load.versions = versions.begin();
  const section = info.sechdrs[info.index.vers];
  if (info.index.versExtCrc !== 0) {
    const extended = sectionBytes(info, info.index.versExtName);
    const add: VersionVisitor = (at, crc) => versions.add(names.addAt(extended, at), crc);
    eachExtendedVersion(sectionBytes(info, info.index.versExtCrc), extended, features.littleEndian, add);
  } else if (section && info.index.vers !== 0) {
    const add: VersionVisitor = (at, crc) => versions.add(names.addAt(info.bytes, at), crc);
    eachVersion(info.bytes, section.sh_offset, section.sh_size, features, add);
  }
}

/** Which of its tables of CRCs a kernel takes for a module. */
export type VersionTables = 'extended' | 'basic' | 'none';

/** How the CRC a module was built with compares with the exporter's. */
export type VersionAnswer = 'same' | 'differs' | 'missing' | 'missing-once' | 'no-extended' | 'no-table';

/** The decision of check_version(), where the exporter supplies a CRC and the kernel has CONFIG_MODVERSIONS. */
export function compareVersions(
  features: Pick<Features, 'missingVersionRefuses'>,
  tables: VersionTables,
  wanted: number | null,
  found: number,
): VersionAnswer {
  // modprobe --force takes the table away.
  if (tables === 'none') return 'no-table';
  if (wanted !== null) return isSameVersion(wanted, found) ? 'same' : 'differs';
  if (tables === 'extended') return 'no-extended';
  return features.missingVersionRefuses ? 'missing' : 'missing-once';
}

/** The comparison itself. A CRC that does not fit 32 bits is NaN, and equals nothing. */
export const isSameVersion = (wanted: number, found: number): boolean => wanted === found;

/** Whether an answer lets the load go on; without a table that takes CONFIG_MODULE_FORCE_LOAD. */
export function versionPasses(features: Pick<Features, 'forceLoad'>, answer: VersionAnswer): boolean {
  if (answer === 'no-table') return features.forceLoad;
  return answer !== 'differs' && answer !== 'missing';
}

/**
 * Whether the load may go on as far as the version of `symbol` is concerned.
 * @param crc the exporter's CRC, or null when it supplies none
 */
export function checkVersion(load: Load, symbol: SymbolId, crc: number | null, owner: string): boolean {
  const { features, info } = load;
  if (!features.modversions || crc === null) return true;
  const tables = info.index.versExtCrc !== 0 ? 'extended' : info.index.vers !== 0 ? 'basic' : 'none';
  const wanted = wantedCrc(load, symbol);
  const answer = compareVersions(features, tables, wanted, crc);
  if (answer === 'same') return true;
  const name = load.machine.kernel.names.name(symbol);
  if (answer === 'no-table') return tryToForceLoad(load, name) === 0;
  const facts = { module: info.name, symbol: name, found: crc, owner, problem: answer, ...releases(load) } as const;
  load.report(symbolVersion, { ...facts, wanted: Number.isNaN(wanted) ? 'NaN' : wanted });
  return versionPasses(features, answer);
}
