// A module on a real kernel, as its page shows it and as a bug report tells it.
import { codeBlock } from '../../../protocol/markdown';
import type { BootEditorAnswer, BootEditorRequest } from '../../../protocol/boot';
import type { BootPage } from '../../../protocol/pages';
import type { BootReport, ComparedFact } from '../../../report/boot/types';

/** How many lines of the console the page shows. */
const MOST_CONSOLE = 200;

/** @param path as the workspace names the module */
export function bootPageOf({ report, loaded, absent }: BootEditorAnswer, path: string): BootPage {
  const { module, kernel, verdict, summary, agrees, facts, frames, real } = report;
  const load = real.steps.find(
    step => step.op === 'insmod' && step.module === module.name && step.path === module.path,
  );
  const isCompared = new Set(facts.filter(({ fact }) => fact === 'log').flatMap(({ real: line }) => line ?? []));
  return {
    kind: 'boot',
    module: module.name,
    path,
    release: kernel.release,
    image: kernel.image,
    verdict,
    errnoName: load?.errnoName ?? null,
    summary,
    agrees,
    seconds: Math.round(real.elapsed / 100) / 10,
    accelerator: real.accelerator,
    facts,
    frames: frames.map(({ location, ...frame }) => ({
      ...frame,
      location: location && { file: location.file, line: location.line, column: location.column },
    })),
    initReturned: load?.initReturned ?? null,
    printed: (load?.log ?? []).filter(({ level, text }) => !isCompared.has(`<${level}> ${text}`)),
    console: real.console.slice(-MOST_CONSOLE),
    loadedFirst: loaded,
    absent,
  };
}

/** Text of a bug report about a difference. In English, as its readers may speak any language. */
export function bugReport(
  { report, sha256, size }: BootEditorAnswer,
  { request }: BootEditorRequest,
  version: string,
): string {
  const { module, kernel, summary, real } = report;
  const facts: Readonly<Record<string, string>> = {
    'Insmod Lens': version,
    module: `${module.name}, ${size} bytes, SHA-256 ${sha256}`,
    kernel: `${kernel.release} (${kernel.arch})`,
    'version of the kernel': real.version ?? 'not known',
    parameters: request.args === '' ? 'none' : request.args,
    'command line': request.cmdline === '' ? 'none' : request.cmdline,
    'loaded first':
      real.steps.flatMap(step => (step.op === 'insmod' && step.path !== module.path ? step.module : [])).join(', ') ||
      'none',
    'ran with': real.accelerator,
  };
  const differing = report.facts.filter(({ outcome }) => outcome === 'differs');
  return [
    `# ${module.name} on ${kernel.release}: simulation and kernel differ`,
    '',
    ...Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`),
    '',
    `The real kernel: ${summary}`,
    '',
    '## Differences',
    '',
    ...codeBlock(differing.flatMap(differenceLines)),
    '',
    '## Both answers',
    '',
    ...codeBlock(JSON.stringify(withoutPaths(report), null, 1).split('\n')),
    '',
  ].join('\n');
}

function differenceLines({ fact, name, simulated, real }: ComparedFact): string[] {
  return [
    `${fact}${name === '' ? '' : ` ${name}`}`,
    `  simulated: ${simulated ?? '(nothing)'}`,
    `  kernel:    ${real ?? '(nothing)'}`,
  ];
}

/** A bug report is public, and directories can have private names. */
function withoutPaths(report: BootReport): object {
  const { module, kernel, verdict, real, simulated, facts } = report;
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const { verdict: said, errno, errnoName, log, taints, layout } = simulated;
  return {
    module: module.name,
    kernel: { release: kernel.release, arch: kernel.arch, image: base(kernel.image) },
    verdict,
    real: { ...real, steps: real.steps.map(step => ({ ...step, path: step.path === null ? null : base(step.path) })) },
    simulated: { verdict: said, errno, errnoName, log, taints, layout },
    facts,
  };
}
