// Texts about results: the log as dmesg shows it, verdicts, sizes.
import { groupBy } from '../../../formats/groupBy';
import type { LoadResult } from '../../../report/types';
import type { LayoutSizes, TargetResult } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';
import { say, t } from './l10n';

/** The log as dmesg shows it: the newline inside a message, which the kernel keeps as \\x0a, begins a line again. */
export function dmesgLines(log: LoadResult['log']): string[] {
  return log.flatMap(({ text }) => text.split('\\x0a'));
}

/** "would load after usbcore (taints OE)", "refused: ENOEXEC". */
export function verdictText({ verdict, errno, errnoName, taints, depends }: LoadResult): string {
  if (verdict === 'refused') return t('refused: {0}', errnoName ?? errno);
  if (verdict === 'unchecked') return t('unchecked: an essential part could not be checked');
  if (errno !== 0) return t('loads, init returns {0}', errnoName ?? errno);
  const loads = loadsText(depends);
  return taints === '' ? loads : t('{0} (taints {1})', loads, taints);
}

/** More names than these are counted. */
const MOST_NAMED = 3;

/** "would load", or after which modules. */
export function loadsText(depends: readonly string[]): string {
  if (depends.length === 0) return t('would load');
  const named = depends.slice(0, MOST_NAMED).join(', ');
  const more = depends.length - MOST_NAMED;
  return more > 0 ? t('would load after {0} and {1} more', named, more) : t('would load after {0}', named);
}

/** A verdict over all kernels a module was held against. */
export type Overall = LoadResult['verdict'] | 'mixed' | 'unknown';

export function overall(report: EditorReport): Overall {
  const verdicts = new Set(report.results.map(({ result }) => result.verdict));
  const [first = 'unknown', ...others] = verdicts;
  return others.length === 0 ? first : 'mixed';
}

/** One character for a line of text. */
export const VERDICT_MARKS: Readonly<Record<LoadResult['verdict'], string>> = {
  loads: '✓',
  unchecked: '?',
  refused: '✗',
};

/** Names of stages that could not be checked, with the reasons. */
export function notChecked({ stages }: LoadResult): string[] {
  return stages
    .filter(({ outcome }) => outcome === 'not-checked')
    .flatMap(({ name, reasons }) => (reasons.length > 0 ? reasons.map(note => `${name}: ${say(note)}`) : [name]));
}

/** "CORE 12 KiB (text 4, ro 4, rw 4), INIT 8 KiB freed after loading". */
export function sizesText({ core, coreText, coreRo, coreRw, init }: LayoutSizes): string {
  const parts = coreText + coreRo > 0 ? ` (text ${kib(coreText)}, ro ${kib(coreRo)}, rw ${kib(coreRw)})` : '';
  return t('CORE {0} KiB{1}, INIT {2} KiB freed after loading', kib(core), parts, kib(init));
}

function kib(bytes: number): string {
  const value = bytes / 1024;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** One line per distinct layout; kernels that agree share one. */
export function sizesByTarget(results: readonly TargetResult[]): string[] {
  const laidOut = results.filter(({ result }) => result.layout.regions.length > 0);
  const byText = groupBy(laidOut, ({ sizes }) => sizesText(sizes));
  const several = byText.size > 1;
  return [...byText].map(([text, same]) =>
    several ? `${same.map(({ release }) => release).join(', ')}: ${text}` : text,
  );
}
