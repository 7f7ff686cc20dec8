// Texts of the read-only documents: explanation, symbol versions, script.
import { errnoName, strerror } from '../../../linux/errno';
import type { EditorReport, TargetSteps } from '../../../protocol/worker';
import { codeBlock, inCode, oneLine, plain } from '../../../protocol/markdown';
import { splitArguments } from './arguments';
import { documentationUrl } from './docs';
import { bySeverity, kernelsLine, shownFindings } from './findings';
import { severityWord } from './severities';
import { dmesgLines, notChecked, verdictText } from './text';
import { say, t } from './l10n';

/** "Why?": verdict by kernel, then every finding with its evidence. */
export function explanationText(report: EditorReport, workspace: readonly EditorReport[]): string {
  const lines = [`# ${t('{0}: what the kernel says', plain(report.name))}`, '', `\`${inCode(report.path)}\``, ''];
  if (report.failure) lines.push(t('The file cannot be used: {0}.', plain(say(report.failure.reason))), '');
  for (const { release, result } of report.results) {
    lines.push(
      `- **${plain(release)}**: ${plain(verdictText(result))}${result.errno > 0 ? ` (${strerror(result.errno)})` : ''}`,
    );
    if (result.verdict === 'refused' && result.log.length === 0)
      lines.push(`  - ${t('The kernel prints no line here.')}`);
    if (result.insmod !== null) lines.push(`  - \`${inCode(result.insmod)}\``);
  }
  for (const { path, reason } of report.missingTargets)
    lines.push(`- ${t('`{0}` could not be used: {1}', inCode(path), plain(say(reason)))}`);
  lines.push('', t('"Would load" is said up to, and not including, the init function of the module.'), '');
  for (const finding of bySeverity(shownFindings(report, workspace))) {
    lines.push(
      `## ${severityWord(finding.severity)}: ${finding.code}`,
      '',
      ...codeBlock(finding.message.split('\n')),
      '',
      plain(finding.explanation),
      '',
    );
    const kernels = kernelsLine(finding);
    if (kernels) lines.push(plain(kernels), '');
    for (const { file, text } of finding.evidence) lines.push(`- ${plain(text)} (\`${inCode(file)}\`)`);
    lines.push('', `[${t('More about {0}', finding.code)}](${documentationUrl(finding.code)})`, '');
  }
  const unchecked = report.results.flatMap(({ release, result }) =>
    notChecked(result).map(line => `- ${plain(`${release}: ${line}`)}`),
  );
  if (unchecked.length > 0) lines.push(`## ${t('Not checked')}`, '', ...unchecked, '');
  return lines.join('\n');
}

/** Every imported and exported symbol with its CRC in the module and in each kernel. */
export function symbolVersionsText(report: EditorReport): string {
  const releases = report.results.map(({ release }) => release);
  const lines = [
    `# ${t('{0}: symbol versions', plain(report.name))}`,
    '',
    `\`${inCode(report.path)}\``,
    '',
    `## ${t('Imported')}`,
    '',
  ];
  lines.push(
    `| ${t('symbol')} | ${t('wanted')} | ${releases.map(plain).join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(releases.length)}`,
  );
  for (const symbol of report.symbols.filter(({ role }) => role === 'import')) {
    const cells = symbol.targets.map(({ owner, crc, status, type }) => {
      if (owner === null) return `✗ ${t('not exported')}`;
      const sign = status === 'ok' || (crc !== null && crc === symbol.crc) ? '✓' : status === null ? '' : `✗ ${status}`;
      return [crc ?? t('no CRC'), sign, plain(owner), plain(type ?? '')].filter(part => part !== '').join(' ');
    });
    lines.push(`| \`${inCode(symbol.name)}\` | ${symbol.crc ?? ''} | ${cells.join(' | ')} |`);
  }
  if (report.exports.length > 0)
    lines.push(
      '',
      `## ${t('Exported')}`,
      '',
      `| ${t('symbol')} | CRC | ${t('type')} | ${t('namespace')} |`,
      '| --- | --- | --- | --- |',
    );
  for (const { name, crc, type, namespace } of report.exports)
    lines.push(`| \`${inCode(name)}\` | ${crc ?? ''} | ${plain(type)} | ${plain(namespace ?? '')} |`);
  return lines.join('\n') + '\n';
}

/** What a terminal would show: commands, the kernel log, the tool's own line; remarks as comments. */
export function transcript(all: readonly TargetSteps[]): string {
  const lines: string[] = [];
  for (const { release, steps, notes } of all) {
    for (const step of steps) {
      lines.push(`$ ${step.command}    # ${t('on {0}', release)}`, ...dmesgLines(step.log));
      if (step.errno !== 0 && step.log.length === 0) lines.push(`# ${t('the kernel prints no line here')}`);
      if (step.toolLine !== null) lines.push(step.toolLine);
      if (step.result && step.errno === 0) lines.push(`# ${verdictText(step.result)}`);
      for (const unchecked of step.result ? notChecked(step.result) : [])
        lines.push(`# ${t('not checked: {0}', unchecked)}`);
    }
    for (const note of notes) lines.push(`# ${oneLine(say(note))}`);
    lines.push('');
  }
  return lines.join('\n');
}

/** Shell lines that load a module and what it depends on, in order. */
export function insmodScript(steps: TargetSteps, args: string): string {
  const lines = [
    '#!/bin/sh -e',
    `# ${t('Loads what the module needs, then the module, for {0}.', oneLine(steps.release))}`,
  ];
  const words = splitArguments(args)
    .map(word => ` ${quote(word)}`)
    .join('');
  steps.steps.forEach((step, i) => {
    const path = step.result?.module.path ?? '';
    const last = i === steps.steps.length - 1;
    lines.push(`sudo insmod ${quote(path)}${last ? words : ''}`);
    if (step.errno !== 0) lines.push(`# ${t('would be refused: {0}', errnoName(step.errno) ?? step.errno)}`);
  });
  for (const note of steps.notes) lines.push(`# ${oneLine(say(note))}`);
  return lines.join('\n') + '\n';
}

function quote(word: string): string {
  return /^[\w./+:@%=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
