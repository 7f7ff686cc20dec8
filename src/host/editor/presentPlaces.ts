// Places of a report in the texts that editors show now: reports count in the files as they were read.
import * as vscode from 'vscode';
import type { SourceLocation } from '../../findings/types';
import type { EditorReport } from '../../protocol/worker';
import { mappingOf, type TextMapping } from '../services/textMapping';

/** Of documents that were edited since: by document, for the version and the text it was made for. */
const known = new WeakMap<
  vscode.TextDocument,
  { version: number; text: string; there: TextMapping; back: TextMapping }
>();

function mappings({ texts }: EditorReport, file: string) {
  const text = texts[file];
  const document = openDocument(file);
  if (text === undefined || !document) return null;
  let found = known.get(document);
  if (found?.version !== document.version || found.text !== text) {
    const now = document.getText().replaceAll('\r\n', '\n');
    const before = text.replaceAll('\r\n', '\n');
    found = { version: document.version, text, there: mappingOf(before, now), back: mappingOf(now, before) };
    known.set(document, found);
  }
  return found;
}

function openDocument(file: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
}

/** Null where the text has been deleted. */
export function presentPlace(report: EditorReport, place: SourceLocation): SourceLocation | null {
  if (place.deleted) return null;
  const found = mappings(report, place.file);
  if (!found) return place;
  const moved = found.there(place);
  return moved && { file: place.file, ...moved };
}

/** The place in the report's text of one in an editor; null for text that is new. */
export function reportedPlace(report: EditorReport, place: SourceLocation): SourceLocation | null {
  const found = mappings(report, place.file);
  if (!found) return place;
  const moved = found.back(place);
  return moved && { file: place.file, ...moved };
}

/** Whether an editor shows another text than the report was made of. */
export function isEdited(report: EditorReport, file: string): boolean {
  const document = openDocument(file);
  const text = report.texts[file];
  return document?.isDirty === true && text !== undefined && document.getText() !== text;
}
