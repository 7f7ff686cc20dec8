// How severe a finding is shown: as its definition says, unless the person chose otherwise.
import type { Severity } from '../../../findings/types';
import type { ShownFinding } from './findings';
import { t } from './l10n';

export type ShownSeverity = Severity | 'off';

const SEVERITIES: readonly string[] = ['error', 'warning', 'information', 'hint', 'off'];

export function severityOf(
  { code, severity }: Pick<ShownFinding, 'code' | 'severity'>,
  chosen: Readonly<Record<string, string>>,
): ShownSeverity {
  const wanted = chosen[code];
  if (wanted !== undefined && SEVERITIES.includes(wanted)) return wanted as ShownSeverity;
  return severity;
}

/** A severity as a heading says it. */
export function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return t('error');
    case 'warning':
      return t('warning');
    case 'information':
      return t('information');
    case 'hint':
      return t('hint');
  }
}
