// What a hover says of a symbol or a parameter, as Markdown.
import type { SourceLocation } from '../../../findings/types';
import type { ParameterReport, SymbolInTarget, SymbolReport } from '../../../protocol/analysis';
import type { EditorReport } from '../../../protocol/worker';
import { inCode, plain } from '../../../protocol/markdown';
import { t } from './l10n';
import { exportPlace } from './providers';
import { agreement, usersOfExport } from './users';
import { changesOf } from './versionChanges';

/** A symbol a module imports or exports: CRC wanted, CRC of every target, exporter, type, namespace, use sites. */
export function symbolText(
  report: EditorReport,
  symbol: SymbolReport,
  workspace: readonly EditorReport[] = [],
): string {
  const name = `**\`${inCode(symbol.name)}\`**`;
  const module = `\`${inCode(report.name)}\``;
  const role =
    symbol.role === 'import'
      ? t('{0} imported by module {1}', name, module)
      : t('{0} exported by module {1}', name, module);
  const lines = [`${role}${symbol.crc ? `, CRC \`${symbol.crc}\`` : ''}`];
  if (symbol.role === 'import') lines.push(targetTable(symbol, workspace));
  else lines.push(exportLine(report, symbol), ...usersLine(report.name, symbol, workspace));
  for (const { release, ...change } of changesOf(report, symbol)) {
    const link = `command:insmodLens.why?${encodeURIComponent(JSON.stringify([change]))}`;
    lines.push(`[${t('Why did it change on {0}?', plain(release))}](${link})`);
  }
  const uses = symbol.locations.map(place => `[${plain(shortName(place.file))}:${place.line}](${link(place)})`);
  if (uses.length > 0) lines.push(usesLine(symbol.role, uses));
  return lines.join('\n\n');
}

/** A function or object of the module itself: where it lies in memory. */
export function definitionText(
  { name: module }: EditorReport,
  { symbol, section }: { readonly symbol: string; readonly section: string },
): string {
  const name = `**\`${inCode(symbol)}\`**`;
  const place = t('{0} of module {1}, in section {2}', name, `\`${inCode(module)}\``, `\`${inCode(section)}\``);
  return section.startsWith('.init.') ? `${place}\n\n${t('The kernel frees this memory once init has run.')}` : place;
}

/** A symbol no module here imports, as the targets export it; null when none does. */
export function lookupText(name: string, targets: readonly SymbolInTarget[]): string | null {
  if (!targets.some(target => target.owner !== null)) return null;
  return [
    t('{0} exported by the kernel', `**\`${inCode(name)}\`**`),
    targetTable({ name, crc: null, targets }, []),
  ].join('\n\n');
}

const MOST_USES = 8;

function usesLine(role: SymbolReport['role'], uses: readonly string[]): string {
  const more = uses.length > MOST_USES ? ` ${t('and {0} more', uses.length - MOST_USES)}` : '';
  const places = uses.slice(0, MOST_USES).join(', ') + more;
  return role === 'import' ? t('Used at {0}', places) : t('Defined at {0}', places);
}

/** A line for each kernel: tables of a hover have no borders, and cut what is wide. */
function targetTable(
  { name, crc: wanted, targets }: Pick<SymbolReport, 'name' | 'crc' | 'targets'>,
  workspace: readonly EditorReport[],
): string {
  const lines = targets.map(target => {
    const { release, owner, crc, type } = target;
    const kernel = plain(release);
    if (owner === null) return `- ${kernel}: ✗ ${t('not exported')}`;
    const sign = agreement(wanted, crc);
    const place = exportPlace(target, name, workspace);
    const from = place ? `[${plain(owner)}](${link(place)})` : plain(owner);
    const parts = [crc ? `CRC \`${crc}\` ${sign}`.trimEnd() : t('no CRC'), t('from {0}', from)];
    if (type) parts.push(`\`${inCode(type)}\``);
    const namespace = namespaceText(target);
    if (namespace !== '') parts.push(t('namespace {0}', namespace));
    return `- ${kernel}: ${parts.join(', ')}`;
  });
  return lines.join('\n');
}

/** Which modules of the workspace use an export, and with which CRC they were built. */
function usersLine(exporter: string, { name, crc }: SymbolReport, workspace: readonly EditorReport[]): string[] {
  const users = usersOfExport(workspace, exporter, name).map(({ name: user, crc: used }) =>
    used === null ? plain(user) : `${plain(user)} \`${used}\` ${agreement(used, crc)}`.trimEnd(),
  );
  return users.length === 0 ? [] : [t('Used by {0}', users.join(', '))];
}

function namespaceText({ namespace, namespaceImported, status }: SymbolInTarget): string {
  if (!namespace) return '';
  if (status === null) return plain(namespace);
  return `${plain(namespace)} ${namespaceImported ? `✓ ${t('imported')}` : `✗ ${t('not imported')}`}`;
}

function exportLine({ exports }: EditorReport, { name, targets }: SymbolReport): string {
  const own = exports.find(candidate => candidate.name === name);
  const line = `\`${own?.type ?? 'EXPORT_SYMBOL'}\`${own?.namespace ? `, ${t('in namespace {0}', `\`${inCode(own.namespace)}\``)}` : ''}`;
  const others = targets
    .filter(({ owner }) => owner !== null)
    .map(({ release, owner }) => t('{0} of {1}', plain(owner ?? ''), plain(release)));
  return others.length > 0 ? `${line}; ${t('also exported by {0}', others.join(', '))}` : line;
}

/** Type, permissions, default and description of a module parameter. */
export function parameterText(report: EditorReport, parameter: ParameterReport): string {
  const { name, type, perm, value, description } = parameter;
  if (report.parametersDeclaredOnly) return declaredText(report, parameter);
  const mode =
    perm === 0
      ? t('not in sysfs')
      : t('{0} in {1}', `\`0${perm.toString(8)}\``, `\`${inCode(`/sys/module/${report.name}/parameters/${name}`)}\``);
  const lines = [
    t('{0} parameter of module {1}', `**\`${inCode(name)}\`**`, `\`${inCode(report.name)}\``),
    `${type === '' ? '' : `${t('type')} \`${inCode(type)}\`, `}${mode}`,
  ];
  lines.push(
    value === null
      ? t('Value: only the code of the module knows')
      : t('Value after loading: {0}', value.trimEnd() === '' ? t('(empty)') : `\`${inCode(value.trimEnd())}\``),
  );
  if (parameter.elements !== undefined) lines.push(t('The array holds {0}', `\`${inCode(parameter.elements)}\``));
  if (description) lines.push(plain(description));
  return lines.join('\n\n');
}

/** Permissions and default are read from memory of the module, and no target got as far as laying it out. */
function declaredText(report: EditorReport, { name, type, description }: ParameterReport): string {
  return [
    t('{0} parameter of module {1}', `**\`${inCode(name)}\`**`, `\`${inCode(report.name)}\``),
    `${t('type')} \`${inCode(type)}\``,
    ...(description ? [plain(description)] : []),
    t('Permissions and default are not known: every target refuses the module before it reads parameters.'),
  ].join('\n\n');
}

function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** A link the editor follows to the line. */
function link({ file, line, column }: SourceLocation): string {
  return `file://${file.split('/').map(encodeURIComponent).join('/')}#${line},${column}`;
}
