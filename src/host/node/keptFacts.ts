// Facts about a kernel in the cache, as a snapshot. BTF is megabytes and few modules need it, so it is a separate file.
import { isRecord, parseSnapshot, snapshotText } from '../../target/snapshot';
import type { BaseBtf, FactSources, KernelFacts } from '../../target/types';
import type { CacheFiles } from './cacheFiles';
import { cachePair } from './cachePair';

export interface KeptFacts {
  /** null if nothing usable is in the cache. */
  recall(): KernelFacts | null;
  keep(facts: KernelFacts): void;
  remove(): void;
}

/** @param identity identifies the files that the facts were read from, and their state */
export function keptFacts(files: CacheFiles, identity: readonly string[]): KeptFacts {
  const pair = cachePair(files, ['facts', ...identity]);
  return {
    recall() {
      const kept = pair.recall();
      const parsed = kept && parse(kept.small);
      if (!kept || !parsed) return null;
      const { facts, sources, btf } = parsed;
      return withBtf(facts, sources, () => {
        const bytes = btf === null ? null : kept.readLarge();
        return bytes && btf !== null ? { bytes, source: btf } : null;
      });
    },
    keep(facts) {
      const { btf, sources = {} } = facts;
      const text = JSON.stringify({ snapshot: snapshotText(facts), sources, btf: btf?.source ?? null });
      pair.keep(Buffer.from(text), btf?.bytes ?? null);
    },
    remove: () => pair.remove(),
  };
}

interface Parsed {
  readonly facts: KernelFacts;
  readonly sources: FactSources;
  /** Where BTF was found; null without any. */
  readonly btf: string | null;
}

/** The checksum of the cache file proves that this build wrote these bytes. */
function parse(bytes: Buffer): Parsed | null {
  const json: unknown = JSON.parse(bytes.toString());
  if (!isRecord(json) || typeof json['snapshot'] !== 'string') return null;
  const parsed = parseSnapshot(json['snapshot']);
  const { sources, btf } = json;
  return parsed.ok && isRecord(sources)
    ? { facts: parsed.facts, sources: sources as FactSources, btf: typeof btf === 'string' ? btf : null }
    : null;
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
