// Lines of insmod and modprobe, of kmod and of BusyBox. They tell an errno and nothing else.
import { errnoByText } from '../linux/errno';
import { SPECIAL_TEXTS } from '../kmod/insmodLine';

export interface ToolLine {
  /** File or name as the tool prints it. */
  readonly what: string;
  readonly text: string;
  /** Null for a text no C library uses. */
  readonly errno: number | null;
}

const FORM =
  /(?:insmod|modprobe)(?::?\s*ERROR)?: (?:could not insert(?: module)?|can't insert) '?(?<what>.+?)'?: (?<text>.+)$/;

/** What only BusyBox and modprobe say. */
const OTHERS: Readonly<Record<string, number>> = {
  'unknown symbol in module, or unknown parameter (see dmesg)': 2,
  'unknown symbol in module, or unknown parameter': 2,
  'module already in kernel': 17,
  'kernel does not support requested operation': 38,
};

export function readToolLine(line: string): ToolLine | null {
  const groups = FORM.exec(line)?.groups;
  if (!groups) return null;
  const { what = '', text = '' } = groups;
  const plain = text.trim().replace(/\.$/, '').toLowerCase();
  const special = Object.entries(SPECIAL_TEXTS).find(([, words]) => words.toLowerCase() === plain);
  const errno = special ? Number(special[0]) : (OTHERS[plain] ?? errnoByText(plain));
  return { what, text: text.trim(), errno };
}

/** What a refusal with this errno may be about, commonest first. A module's own code may return any number. */
export function causesOf(errno: number): readonly string[] {
  return CAUSES[errno] ?? ['init-result', 'invalid-parameter'];
}

const CAUSES: Readonly<Record<number, readonly string[]>> = {
  1: ['lockdown', 'blacklisted', 'no-capability', 'import-module-namespace', 'invalid-parameter', 'init-result'],
  2: [
    'symbol-provider-not-loaded',
    'symbol-not-in-target',
    'gpl-only',
    'proprietary-provider',
    'invalid-parameter',
    'init-result',
  ],
  8: [
    'vermagic',
    'symbol-version',
    'this-module-size',
    'no-versions',
    'not-loadable',
    'relocation',
    'duplicate-export',
    'bad-section-index',
    'no-common',
    'no-export-flags',
    'write-exec',
    'rel-unsupported',
    'livepatch-unsupported',
    'empty-file',
    'init-result',
  ],
  12: ['percpu', 'module-memory', 'init-result'],
  16: ['init-result', 'module-in-use'],
  17: ['already-loaded', 'name-taken', 'sysfs-duplicate', 'init-result'],
  22: [
    'symbol-version',
    'namespace',
    'invalid-parameter',
    'parameter-limit',
    'btf',
    'proprietary-provider',
    'constructors',
    'bad-flags',
    'compressed-file',
    'livepatch-section-name',
    'livepatch-module-name',
    'nameless-module',
    'name-taken',
    'empty-file',
    'init-result',
  ],
  28: ['parameter-limit', 'invalid-parameter', 'init-result'],
  34: ['invalid-parameter', 'init-result'],
  30: ['invalid-parameter', 'init-result'],
  74: ['signature'],
  95: ['compressed-file', 'bad-flags', 'init-result'],
  524: ['btf'],
  126: ['signature-required', 'signature'],
  129: ['signature-required', 'signature'],
};
