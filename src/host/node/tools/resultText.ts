// What a module's report says, as Markdown for someone who has no editor: a language model, or its reader.
import { noteText } from '../../../findings/notes';
import type { Finding, SourceLocation } from '../../../findings/types';
import { codeBlock, inCode, plain } from '../../../protocol/markdown';
import type { ModuleReport } from '../../../protocol/analysis';

/** Verdicts, logs and findings of all targets. */
export function reportText(report: ModuleReport): string {
  const lines = [`# ${plain(report.name)}`, '', `\`${inCode(report.path)}\``, ''];
  if (report.failure) lines.push(`The file cannot be used: ${plain(noteText(report.failure.reason))}.`, '');
  for (const { path, reason } of report.missingTargets)
    lines.push(`\`${inCode(path)}\` could not be used: ${plain(noteText(reason))}`, '');
  for (const { release, result } of report.results) {
    const { verdict, errno, errnoName, stages } = result;
    lines.push(
      `## On ${plain(release)}: ${verdict}${errno === 0 ? '' : `, errno ${errno} (${errnoName ?? errno})`}`,
      '',
    );
    const printed = [...result.log.map(({ text }) => text), ...(result.insmod === null ? [] : [result.insmod])];
    lines.push(...(printed.length > 0 ? codeBlock(printed) : ['The kernel prints nothing.']), '');
    lines.push(...result.findings.flatMap(findingLines));
    for (const { name, outcome, notes } of stages)
      if (outcome === 'not-checked') lines.push(...notes.map(note => `- not checked: ${name}: ${plain(note)}`));
    lines.push('');
  }
  if (report.hints.length > 0) lines.push('## On any kernel', '', ...report.hints.flatMap(findingLines), '');
  lines.push('Nothing was loaded or run. "loads" is said up to, and not including, the init function of the module.');
  return lines.join('\n').replace(/\n{3,}/g, '\n\n') + '\n';
}

function findingLines({ code, severity, message, explanation, locations }: Finding): string[] {
  const first = locations[0];
  return [
    `- ${severity} \`${code}\`${first ? ` at ${plain(place(first))}` : ''}: ${plain(message)}`,
    `  ${plain(explanation)}`,
  ];
}

export function place({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}
