// The pages of findings at run time: they lie beside the bundles, in the extension and in the package alike.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPage, type FindingPage, type PageSource } from './pageText';

export class FindingPages implements PageSource {
  constructor(private readonly directory: string) {}

  /** Null for a code without a page. */
  page(code: string): FindingPage | null {
    if (!/^[a-z]+(?:-[a-z]+)*$/.test(code)) return null;
    let text: string;
    try {
      text = readFileSync(path.join(this.directory, `${code}.md`), 'utf8');
    } catch {
      return null;
    }
    return readPage(code, text);
  }
}
