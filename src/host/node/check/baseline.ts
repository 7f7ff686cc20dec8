// Findings that are known already, so that a check fails for new ones only.
import { createHash } from 'node:crypto';
import type { Finding } from '../../../findings/types';
import type { CheckFinding, CheckReport } from '../../../report/check/types';
import { isRecord } from '../../../target/snapshot';
import { InputError, readTextIfThere, writeText } from '../files';

export interface Baseline {
  readonly fingerprints: ReadonlySet<string>;
}

/** A finding about a module, to be told beside those of others. */
export function inModule(finding: Finding, module: string, path: string): CheckFinding {
  return { ...finding, module, path, fingerprint: fingerprintOf(finding, path) };
}

/** Kernel releases, addresses and line numbers are no part of it: they change without the finding being another. */
function fingerprintOf({ code, symbol, message }: Finding, modulePath: string): string {
  const parts = [code, modulePath, symbol ?? message];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/** Reads a baseline. Throws InputError. */
export function readBaseline(file: string): Baseline {
  const text = readTextIfThere(file);
  if (text === null) throw new InputError(file, 'no such file; --write-baseline makes it');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(file, 'is not JSON');
  }
  const listed = isRecord(parsed) ? parsed['findings'] : null;
  if (!Array.isArray(listed)) throw new InputError(file, 'is no baseline: it has no list of findings');
  const fingerprints = listed.flatMap((entry: unknown) =>
    isRecord(entry) && typeof entry['fingerprint'] === 'string' ? [entry['fingerprint']] : [],
  );
  return { fingerprints: new Set(fingerprints) };
}

/** Writes the findings of reports that were made without a baseline. Throws InputError. */
export function writeBaseline(file: string, reports: readonly CheckReport[]): void {
  const known = new Map(
    reports
      .flatMap(report => report.findings)
      .map(({ fingerprint, code, path, message }) => [fingerprint, { fingerprint, code, path, message }]),
  );
  const findings = [...known.values()].sort((a, b) => (a.path + a.fingerprint < b.path + b.fingerprint ? -1 : 1));
  writeText(file, JSON.stringify({ schema: 1, findings }, null, 2) + '\n');
}
