// The pages of findings at run time: they lie beside the bundles, in the extension and in the package alike.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface FindingPage {
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly text: string;
}

export class FindingPages {
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
    return {
      title: /^# `[^`]*`: (.*)$/m.exec(text)?.[1] ?? code,
      why: section(text, 'Why'),
      fix: section(text, 'How to fix it'),
      text,
    };
  }

  /** A code with its title, in one line. */
  line(code: string): string {
    return `\`${code}\`: ${this.page(code)?.title ?? code}`;
  }
}

function section(text: string, heading: string): string {
  const start = text.indexOf(`## ${heading}\n`);
  if (start < 0) return '';
  const body = text.slice(start + heading.length + 4);
  const end = body.indexOf('\n## ');
  return (end < 0 ? body : body.slice(0, end)).trim();
}
