// Between a module and its source: where something stands, and what stands at a line.
import { openLocator, type Locator, type SymbolInSection } from '../../../places/locate';
import { moduleNameOfPath } from '../../../../formats/ko/moduleName';
import type { SourceLocation } from '../../../../findings/types';
import type { SourceSubject, ViewRequest } from '../../../../protocol/view';
import { openView } from './openView';

let last: { readonly key: string; readonly locator: Promise<Locator | null> } | null = null;

/** Opening a locator reads debug information or parses sources: kept until the module changes. */
async function locatorOf(request: ViewRequest): Promise<Locator | null> {
  const { file, stamp } = await openView(request);
  const key = `${request.path} ${stamp}`;
  if (last?.key !== key)
    last = {
      key,
      locator: file ? openLocator(request.path, file.object, moduleNameOfPath(request.path)) : Promise.resolve(null),
    };
  return last.locator;
}

/** Null for what has no place in a source that is there. */
export async function locateSubject(request: ViewRequest, subject: SourceSubject): Promise<SourceLocation | null> {
  const locator = await locatorOf(request);
  if (!locator) return null;
  const { kind, name, section } = subject;
  switch (kind) {
    case 'parameter':
      return locator.parameter(name);
    case 'import':
      return locator.uses([name]).get(name)?.[0] ?? null;
    case 'export':
      return locator.exported(name)[0] ?? null;
    case 'section':
      return locator.section(name)[0] ?? null;
    case 'symbol':
      return locator.symbol(name, section)[0] ?? null;
  }
}

/** The symbol whose definition holds a line of a source; null when the module has none there. */
export async function symbolAtLine(request: ViewRequest, file: string, line: number): Promise<SymbolInSection | null> {
  return (await locatorOf(request))?.symbolAt(file, line) ?? null;
}
