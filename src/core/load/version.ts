// check_version() (kernel/module/version.c): the CRC a module was built with against the exporter's.
import { ByteReader } from '../bytes/byteReader';
import { cString } from '../bytes/strings';
import { symbolVersion } from '../findings/symbolVersion';
import { tryToForceLoad } from './forceLoad';
import { sectionBytes } from './loadInfo';
import type { Load, VersionTable } from './types';

/** The CRC the module wants for a symbol, or null when its tables do not list it. */
export function wantedCrc(load: Load, symbol: string): number | null {
  return versionTable(load).get(symbol) ?? null;
}

function versionTable(load: Load): VersionTable {
  load.versions ??= load.info.index.versExtCrc !== 0 ? readExtendedVersions(load) : readVersions(load);
  return load.versions;
}

/** struct modversion_info: an unsigned long and the name, 64 bytes together. The first entry of a name counts. */
function readVersions(load: Load): VersionTable {
  const { info, features } = load;
  const table = new Map<string, number>();
  const section = info.sechdrs[info.index.vers];
  if (!section || info.index.vers === 0) return table;
  const r = new ByteReader(info.bytes, features.littleEndian);
  const nameOffset = features.is64 ? 8 : 4;
  for (let entry = 0; entry + 64 <= section.sh_size; entry += 64) {
    const at = section.sh_offset + entry;
    const name = cString(info.bytes, at + nameOffset);
    if (table.has(name)) continue;
    const crc = r.word(at, features.is64);
    table.set(name, crc <= 0xffff_ffffn ? Number(crc) : NaN);
  }
  return table;
}

/** __version_ext_crcs and __version_ext_names, side by side (since 6.14). */
function readExtendedVersions(load: Load): VersionTable {
  const { info, features } = load;
  const table = new Map<string, number>();
  const crcs = new ByteReader(sectionBytes(info, info.index.versExtCrc), features.littleEndian);
  const names = sectionBytes(info, info.index.versExtName);
  for (let i = 0, at = 0; i + 4 <= crcs.length; i += 4) {
    const name = cString(names, at);
    if (!table.has(name)) table.set(name, crcs.u32(i));
    at += name.length + 1;
  }
  return table;
}

/**
 * Whether the load may go on as far as the version of `symbol` is concerned.
 * @param crc the exporter's CRC, or null when it supplies none
 */
export function checkVersion(load: Load, symbol: string, crc: number | null, owner: string): boolean {
  if (!load.features.modversions || crc === null) return true;
  const { index, name } = load.info;
  const wanted = wantedCrc(load, symbol);
  const facts = { module: name, symbol, wanted, found: crc, owner };
  if (index.versExtCrc !== 0) {
    if (wanted === null) load.report(symbolVersion, { ...facts, problem: 'no-extended' });
    else if (wanted !== crc) load.report(symbolVersion, { ...facts, problem: 'differs' });
    return wanted === null || wanted === crc;
  }
  // modprobe --force takes the table away.
  if (index.vers === 0) return tryToForceLoad(load, symbol) === 0;
  if (wanted === crc) return true;
  if (wanted === null && !load.features.missingVersionRefuses) {
    load.report(symbolVersion, { ...facts, problem: 'missing-once' });
    return true;
  }
  load.report(symbolVersion, { ...facts, problem: wanted === null ? 'missing' : 'differs' });
  return false;
}
