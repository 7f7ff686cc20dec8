// Hovers: symbols, parameters, initcalls; in sources, headers, *.mod.c and Module.symvers.
import path from 'node:path';
import * as vscode from 'vscode';
import type { SourceLocation } from '../../../findings/types';
import { ADDED_BY_COMPILER } from '../../../formats/ko/addedByCompiler';
import type { EditorReport } from '../../../protocol/worker';
import { reportedPlace } from '../../editor/presentPlaces';
import type { Lens } from '../lens';
import { definitionText, lookupText, parameterText, symbolText } from '../model/hoverText';
import { initcallText } from '../model/initcalls';
import { targetsFor } from '../settings';
import { Cancelled } from '../../services/cancelled';

export const SOURCES: vscode.DocumentSelector = [
  { scheme: 'file', language: 'c' },
  { scheme: 'file', language: 'cpp', pattern: '**/*.h' },
  { scheme: 'file', pattern: '**/*.{c,h,S}' },
];
const SYMVERS: vscode.DocumentFilter = { scheme: 'file', pattern: '**/Module.symvers' };

export function register(lens: Lens): vscode.Disposable {
  return vscode.languages.registerHoverProvider([...(SOURCES as vscode.DocumentFilter[]), SYMVERS], {
    provideHover: (document, position, token) => hoverAt(lens, document, position, token),
  });
}

async function hoverAt(
  lens: Lens,
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<vscode.Hover | null> {
  const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
  if (!range) return null;
  const word = document.getText(range);
  const reports = lens.reportsFor(document.uri);
  const place = { file: document.uri.fsPath, line: range.start.line + 1, column: range.start.character + 1 };
  const texts = reports.flatMap(report => textsAbout(report, lens.modules.all(), word, place));
  const initcall = initcallText(word);
  if (initcall !== null) texts.unshift(initcall);
  if (texts.length === 0) texts.push(...(await lookUp(lens, word, reports, document, place, token)));
  if (texts.length === 0) return null;
  return new vscode.Hover(
    [...new Set(texts)].map(text => {
      const shown = new vscode.MarkdownString(text);
      shown.isTrusted = { enabledCommands: ['insmodLens.why'] };
      return shown;
    }),
    range,
  );
}

function textsAbout(
  report: EditorReport,
  workspace: readonly EditorReport[],
  word: string,
  place: SourceLocation,
): string[] {
  // By place as well: kmalloc() in the source is kmalloc_trace or __kmalloc in the module.
  const before = reportedPlace(report, place);
  const isHere = ({ file, line, column }: SourceLocation): boolean =>
    before !== null && file === before.file && line === before.line && column === before.column;
  const symbols = report.symbols
    .filter(({ name, locations }) => name === word || (!ADDED_BY_COMPILER.test(name) && locations.some(isHere)))
    .map(symbol => symbolText(report, symbol, workspace));
  const parameters = report.parameters.filter(({ name }) => name === word).map(found => parameterText(report, found));
  return [...symbols, ...parameters];
}

/** The function or object whose definition begins at a place. */
async function ownDefinition(
  lens: Lens,
  word: string,
  reports: readonly EditorReport[],
  { file, line }: SourceLocation,
  signal: AbortSignal,
): Promise<string[]> {
  const texts: string[] = [];
  for (const report of reports) {
    if (!report.sources.includes(file)) continue;
    const request = lens.viewRequestFor(report.path);
    const found = await lens.worker.request('symbolAt', { request, file, line }, signal);
    // Compilers append to names: `probe.part.0` is `probe`.
    if (found?.symbol.split('.', 1).join() === word) texts.push(definitionText(report, found));
  }
  return texts;
}

/** Shorter words, and those of C itself, are not worth asking the worker for. */
const SHORTEST = 4;

async function lookUp(
  lens: Lens,
  name: string,
  reports: readonly EditorReport[],
  document: vscode.TextDocument,
  place: SourceLocation,
  token: vscode.CancellationToken,
): Promise<string[]> {
  const { uri } = document;
  const isSymvers = path.basename(uri.fsPath) === 'Module.symvers';
  // A C file that no module here was built from is none of our business.
  if (name.length < SHORTEST || (reports.length === 0 && !isSymvers)) return [];
  const abort = new AbortController();
  const cancel = token.onCancellationRequested(() => abort.abort());
  try {
    // What is indented is inside of a definition, and begins none.
    if (!/^\s/.test(document.lineAt(place.line - 1).text)) {
      const own = await ownDefinition(lens, name, reports, place, abort.signal);
      if (own.length > 0) return own;
    }
    const targets = reports[0]?.results.map(result => result.target) ?? targetsFor(uri);
    const modulePath = reports[0]?.path ?? null;
    const found = await lens.worker.request('lookupSymbol', { name, targets, modulePath }, abort.signal);
    const text = lookupText(name, found);
    return text === null ? [] : [text];
  } catch (error) {
    if (!(error instanceof Cancelled)) lens.log.debug(String(error));
    return [];
  } finally {
    cancel.dispose();
  }
}
