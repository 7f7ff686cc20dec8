// Lines above macros: memory above module_init, versions above EXPORT_SYMBOL, the verdict above MODULE_LICENSE.
import { duplicateExport } from '../../../findings/duplicateExport';
import type { EditorReport } from '../../../protocol/worker';
import { sizesByTarget, VERDICT_MARKS, verdictText } from './text';
import { t } from './l10n';
import { agreement, usersOfExport, type UserOfExport } from './users';

export interface LensLine {
  /** Line of the source, from 0. */
  readonly line: number;
  readonly title: string;
  readonly action: 'layout' | 'versions' | 'simulate' | 'explain' | 'targets' | 'boot' | 'debug';
}

const MACRO =
  /^[ \t]*(?:(module_init|[a-z]+_initcall(?:_sync)?|module_\w+_driver|module_driver)|(EXPORT_SYMBOL(?:_NS)?(?:_GPL)?)|(MODULE_LICENSE))\s*\(\s*(\w*)/;

/**
 * The lines for one source of a module.
 *
 * @param workspace where those who use it are looked for
 * @param mayBoot whether its code may be run, in a virtual machine
 */
export function codeLenses(
  text: string,
  report: EditorReport,
  workspace: readonly EditorReport[] = [],
  mayBoot = false,
): LensLine[] {
  if (report.failure) return [];
  const found: LensLine[] = [];
  text.split('\n').forEach((source, line) => {
    const match = MACRO.exec(source);
    if (!match) return;
    if (match[1] !== undefined)
      for (const title of sizesByTarget(report.results)) found.push({ line, title, action: 'layout' });
    if (match[2] !== undefined) {
      const title = exportTitle(report, match[4] ?? '', workspace);
      if (title !== null) found.push({ line, title, action: 'versions' });
    }
    if (match[3] !== undefined) {
      if (report.results.length === 0) {
        found.push({ line, title: `? ${t('no target kernel')}: ${t('Select target kernels')}`, action: 'targets' });
        return;
      }
      found.push({ line, title: verdictTitle(report), action: 'explain' });
      found.push({ line, title: t('Simulate insmod'), action: 'simulate' });
      if (!mayBoot) return;
      found.push({ line, title: t('Load on the real kernel'), action: 'boot' });
      found.push({ line, title: t('Debug on the real kernel'), action: 'debug' });
    }
  });
  return found;
}

/** More are counted: a lens is one line. */
const MOST_USERS = 3;

function exportTitle(
  { name: module, exports, results }: EditorReport,
  name: string,
  workspace: readonly EditorReport[],
): string | null {
  const symbol = exports.find(candidate => candidate.name === name);
  if (!symbol) return null;
  const { namespace } = symbol;
  const clash = results.filter(({ result }) =>
    result.findings.some(finding => finding.code === duplicateExport.id && finding.symbol === name),
  );
  return [
    symbol.crc === null ? t('exported without a CRC') : `CRC ${symbol.crc}`,
    ...(namespace ? [t('namespace {0}', namespace)] : []),
    ...usersPart(usersOfExport(workspace, module, name), symbol.crc),
    ...(clash.length > 0 ? [t('exported already by {0}', clash.map(({ release }) => release).join(', '))] : []),
  ].join(', ');
}

/** Who uses it; those that were built with another version come first, with that version. */
function usersPart(users: readonly UserOfExport[], crc: string | null): string[] {
  if (users.length === 0) return [];
  const others = users.filter(user => agreement(user.crc, crc) === '✗');
  const titles = [
    ...others.map(user => `${user.name} ✗ ${user.crc ?? ''}`),
    ...users.filter(user => !others.includes(user)).map(user => `${user.name} ${agreement(user.crc, crc)}`.trimEnd()),
  ];
  const more = titles.length - MOST_USERS;
  const shown = titles.slice(0, MOST_USERS).join(', ');
  return [t('used by {0}', more > 0 ? `${shown} ${t('and {0} more', more)}` : shown)];
}

function verdictTitle({ results }: EditorReport): string {
  return results
    .map(({ release, result }) => `${VERDICT_MARKS[result.verdict]} ${release}: ${verdictText(result)}`)
    .join('  |  ');
}
