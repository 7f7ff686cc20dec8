// A captured kernel as JSON text: everything the simulation needs of it, in one file that can be carried elsewhere.
import { note, type Note } from '../findings/notes';
import { fromHex, toHex } from '../formats/bytes/hex';
import { parseDeclarations } from './declarations';
import { parseEvidence } from './evidence';
import { packExports, unpackExports, type PackedExports } from './snapshotExports';
import { ARCH_NAMES, type KernelFacts, type KnownSigner } from './types';
import type { StructModuleFacts } from '../formats/btf/btf';

/** Raised when the form changes so that older readers would misunderstand it. */
export const SNAPSHOT_SCHEMA = 1;

/** How the file of a snapshot is called. */
export const SNAPSHOT_NAME = /\.json(?:\.gz|\.br)?$/;

/** Far more than the text of a snapshot with BTF takes, in bytes. */
export const MAX_SNAPSHOT = 2 ** 26;

export interface SnapshotOptions {
  /** Also the BTF of vmlinux, some 10 MB of text; without it, checks that need it are not made. */
  readonly btf?: boolean;
}

export type SnapshotResult =
  | { readonly ok: true; readonly facts: KernelFacts }
  /** `reason` completes "FILE: ...". */
  | { readonly ok: false; readonly reason: Note };

/** The facts as JSON text of one line. */
export function snapshotText(facts: KernelFacts, options: SnapshotOptions = {}): string {
  const { structModule, trustedKeys, btf } = facts;
  const snapshot = {
    schema: SNAPSHOT_SCHEMA,
    release: facts.release,
    arch: facts.arch,
    vermagic: facts.vermagic,
    distribution: facts.distribution,
    structModule: structModule && { ...structModule, source: portable(structModule.source) },
    builtin: facts.builtin,
    trustedKeys: trustedKeys && {
      source: portable(trustedKeys.source),
      certificates: trustedKeys.certificates.map(toHex),
    },
    ownSigners: facts.ownSigners,
    declarations: facts.declarations ?? null,
    image: facts.image ?? null,
    btf: options.btf && btf ? { source: portable(btf.source), bytes: toHex(btf.bytes) } : null,
    config: facts.config,
    exports: packExports(facts.exports),
  };
  return JSON.stringify(snapshot);
}

/** A snapshot is read on other machines: of absolute paths it keeps the file's name alone. */
function portable(source: string): string {
  return source.replace(/(?<!\S)\/(?:\S*\/)?/g, '');
}

/** Reads {@link snapshotText}. Never throws: what is not a snapshot gives the reason. */
export function parseSnapshot(text: string): SnapshotResult {
  const json = parseJson(text);
  if (!isRecord(json)) return { ok: false, reason: note('no-json') };
  if (json.schema !== SNAPSHOT_SCHEMA) {
    const { schema } = json;
    return { ok: false, reason: typeof schema === 'number' ? note('unknown-schema', { schema }) : note('no-schema') };
  }
  const { release, vermagic } = json;
  const arch = ARCH_NAMES.find(name => name === json.arch);
  const config = stringRecord(json.config);
  const exports = readExports(json.exports);
  if (typeof release !== 'string' || typeof vermagic !== 'string' || !arch || !config || !exports) {
    return { ok: false, reason: note('snapshot-incomplete') };
  }
  const facts: KernelFacts = {
    release,
    arch,
    vermagic,
    config,
    distribution: json.distribution === 'debian' ? 'debian' : null,
    exports: unpackExports(exports),
    structModule: readStructModule(json.structModule),
    builtin: strings(json.builtin),
    trustedKeys: readTrustedKeys(json.trustedKeys),
    ownSigners: Array.isArray(json.ownSigners) ? json.ownSigners.flatMap(readSigner) : [],
    declarations: parseDeclarations(json.declarations),
    btf: readBtf(json.btf),
  };
  const image = parseEvidence(json.image);
  return { ok: true, facts: image ? { ...facts, image } : facts };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** A JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] | null {
  return Array.isArray(value) && value.every(item => typeof item === 'string') ? value : null;
}

function numbers(value: unknown): number[] | null {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0)
    ? (value as number[])
    : null;
}

function stringRecord(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null;
  const record = Object.create(null) as Record<string, string>;
  for (const [name, option] of Object.entries(value)) if (typeof option === 'string') record[name] = option;
  return record;
}

function readExports(value: unknown): PackedExports | null {
  if (!isRecord(value) || typeof value.names !== 'string' || typeof value.crcs !== 'string') return null;
  const [owners, types, namespaces] = [value.owners, value.types, value.namespaces].map(column => {
    const values = isRecord(column) ? strings(column.values) : null;
    const runs = isRecord(column) ? numbers(column.runs) : null;
    return values && runs ? { values, runs } : null;
  });
  return owners && types && namespaces ? { names: value.names, crcs: value.crcs, owners, types, namespaces } : null;
}

function readStructModule(value: unknown): StructModuleFacts | null {
  const size = isRecord(value) ? offset(value.size) : null;
  if (!isRecord(value) || size === null) return null;
  const source = typeof value.source === 'string' ? value.source : 'the snapshot';
  return { size, init: offset(value.init), exit: offset(value.exit), source };
}

/** A size or an offset in bytes, within a structure of the kernel. */
function offset(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_STRUCT ? (value as number) : null;
}

/** Far more than struct module has, in bytes. */
const MAX_STRUCT = 1 << 20;

function readTrustedKeys(value: unknown): KernelFacts['trustedKeys'] {
  const certificates = isRecord(value) ? strings(value.certificates)?.map(fromHex) : null;
  if (!isRecord(value) || !certificates) return null;
  const source = typeof value.source === 'string' ? value.source : 'the snapshot';
  return { certificates: certificates.filter(certificate => certificate !== null), source };
}

function readSigner(value: unknown): KnownSigner[] {
  if (!isRecord(value)) return [];
  const text = (name: unknown): string | null => (typeof name === 'string' ? name : null);
  return [{ issuerAndSerial: text(value.issuerAndSerial), keyIdentifier: text(value.keyIdentifier) }];
}

function readBtf(value: unknown): KernelFacts['btf'] {
  const bytes = isRecord(value) && typeof value.bytes === 'string' ? fromHex(value.bytes) : null;
  if (!isRecord(value) || !bytes) return null;
  return { bytes, source: typeof value.source === 'string' ? value.source : 'the snapshot' };
}
