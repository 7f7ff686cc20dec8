// Facts about a kernel in the cache: as a snapshot, and BTF, which is megabytes and which few modules need, for itself.
import { createHash } from 'node:crypto';
import { isRecord, parseSnapshot, snapshotText } from '../../target/snapshot';
import type { BaseBtf, FactSources, KernelFacts } from '../../target/types';
import type { CacheFiles } from './cacheFiles';
import { thisBuild } from './thisBuild';

export interface KeptFacts {
  /** null where nothing was kept that can be used. */
  recall(): KernelFacts | null;
  keep(facts: KernelFacts): void;
  /** Names of the files in the cache. */
  readonly keys: readonly string[];
}

/** @param identity what the facts were read from, so that another state of it has another name */
export function keptFacts(files: CacheFiles, identity: readonly string[]): KeptFacts {
  const name = [thisBuild(), ...identity].join('\0');
  const keyOf = (part: string): string => createHash('sha256').update(`${part}\0${name}`).digest('hex').slice(0, 32);
  const [factsKey, btfKey] = [keyOf('snapshot'), keyOf('snapshot btf')];
  return {
    keys: [factsKey, btfKey],
    recall() {
      const kept = parse(files, factsKey);
      if (!kept || (kept.btf !== null && !files.has(btfKey))) return null;
      files.touch(factsKey);
      files.touch(btfKey);
      return withBtf(kept.facts, kept.sources, () => btfOf(files, btfKey, kept.btf));
    },
    keep(facts) {
      const { btf } = facts;
      // What is read first is written last: then both are there.
      if (btf && !files.write(btfKey, btf.bytes)) return;
      const text = JSON.stringify({
        snapshot: snapshotText(facts),
        sources: facts.sources ?? {},
        btf: btf?.source ?? null,
      });
      files.write(factsKey, Buffer.from(text));
    },
  };
}

interface Parsed {
  readonly facts: KernelFacts;
  readonly sources: FactSources;
  /** Where BTF was found; null without any. */
  readonly btf: string | null;
}

/** The checksum says that these are the bytes that this build has written. */
function parse(files: CacheFiles, key: string): Parsed | null {
  const found = files.read(key);
  if (found.kind !== 'whole') return null;
  const json: unknown = JSON.parse(found.bytes.toString());
  if (!isRecord(json) || typeof json['snapshot'] !== 'string') return null;
  const parsed = parseSnapshot(json['snapshot']);
  const { sources, btf } = json;
  return parsed.ok && isRecord(sources)
    ? { facts: parsed.facts, sources: sources as FactSources, btf: typeof btf === 'string' ? btf : null }
    : null;
}

function btfOf(files: CacheFiles, key: string, source: string | null): BaseBtf | null {
  const found = source === null ? null : files.read(key);
  return source !== null && found?.kind === 'whole' ? { bytes: new Uint8Array(found.bytes), source } : null;
}

function withBtf(facts: KernelFacts, sources: FactSources, read: () => BaseBtf | null): KernelFacts {
  let btf: BaseBtf | null | undefined;
  return {
    ...facts,
    sources,
    get btf() {
      return btf === undefined ? (btf = read()) : btf;
    },
  };
}
