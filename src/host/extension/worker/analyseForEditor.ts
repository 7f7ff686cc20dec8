// The analysis an editor shows: with places for findings that have none, and patience for files still being written.
import { note, type Note } from '../../../findings/notes';
import { closeSync, openSync, readSync, type Stats } from 'node:fs';
import { stampOfStat, statIfThere, isLink } from '../../node/files';
import { declaredFormat, hasElfMagic, readEhdr, structSizes } from '../../../formats/elf/header';
import { deriveFeatures } from '../../../linux/deriveFeatures';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import type { ObjectFile } from '../../../formats/ko/objectFile';
import { openLocator } from '../../places/locate';
import { declaredParameters } from './declaredParameters';
import { analyseFile, readStable } from '../../node/analyse';
import { openChoice } from '../../node/openChoice';
import { editorReport, emptyReport } from '../../services/reportParts';
import type { AnalyseFailure, ModuleReport } from '../../../protocol/analysis';
import type { EditorAnswer, EditorReport, EditorRequest, TargetTraits } from '../../../protocol/worker';
import { keepSizes } from './view/builds';
import { withTargets } from './withTargets';

/** A linker needs less than this from the first byte to the last; later an incomplete file is taken for what it is. */
const STILL_WRITING = 1000;

/** Never throws. The failure `changed` asks for another try soon. */
export async function analyseForEditor(request: EditorRequest): Promise<EditorAnswer> {
  const stat = statIfThere(request.path);
  const stamp = stat ? stampOfStat(stat) : isLink(request.path) ? 'dangling' : 'absent';
  if (stamp === request.knownStamp) return { kind: 'unchanged' };
  if (stamp === 'dangling') return failed(request.path, stamp, 'unreadable', note('dangling-link'));
  const young = stat !== null && Date.now() - stat.mtimeMs < STILL_WRITING;
  if (young && isCutOff(request.path, stat)) return failed(request.path, stamp, 'changed', note('file-incomplete'));
  const read = await readStable(request.path);
  if (!('kind' in read)) {
    const report = await analyseFile(read, withTargets(request));
    if (request.memory !== null)
      keepSizes(
        request.memory,
        request.path,
        stamp,
        read.object,
        report.results.map(({ result }) => result),
      );
    return { kind: 'report', report: await completed(report, read.object, stamp) };
  }
  // A compressed file that is being written cannot be unpacked.
  if (young && read.kind === 'unreadable' && stat.isFile()) return failed(request.path, stamp, 'changed', read.reason);
  const { sources, anchors } = await openLocator(request.path, null, moduleNameOfPath(request.path));
  const report = { ...emptyReport(request.path, read), sources, anchors: anchors() };
  return { kind: 'report', report: await completed(report, null, stamp) };
}

/** Adds what only an editor needs, and what is known without any kernel. */
async function completed(report: ModuleReport, object: ObjectFile | null, stamp: string): Promise<EditorReport> {
  return {
    ...editorReport(report, stamp),
    parameters: report.parameters.length > 0 || !object ? report.parameters : declaredParameters(object.sections),
    traits: await traitsOf(report),
  };
}

function failed(path: string, stamp: string, kind: AnalyseFailure['kind'], reason: Note): EditorAnswer {
  return { kind: 'report', report: editorReport(emptyReport(path, { kind, reason }), stamp) };
}

async function traitsOf(report: ModuleReport): Promise<TargetTraits[]> {
  const traits: TargetTraits[] = [];
  for (const { target } of report.results) {
    const facts = await openChoice(target);
    traits.push({ namespaceIsString: deriveFeatures(facts).namespaceIsString });
  }
  return traits;
}

/** Whether an ELF file ends before its section headers do, which linkers write last. */
function isCutOff(path: string, stat: Stats): boolean {
  if (!stat.isFile()) return false;
  const header = new Uint8Array(64);
  try {
    const fd = openSync(path, 'r');
    try {
      if (readSync(fd, header, 0, header.length, 0) < header.length) return true;
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
  if (!hasElfMagic(header)) return header.every(byte => byte === 0);
  const format = declaredFormat(header);
  const { e_shoff, e_shnum } = readEhdr(header, format);
  return e_shoff === 0 || e_shoff + e_shnum * structSizes(format.is64).shdr > stat.size;
}
