// What the page of a finding says, part by part.

export interface FindingPage {
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly text: string;
}

/** Where pages come from: files, or what an editor gave. */
export interface PageSource {
  /** Null for a code without a page. */
  page(code: string): FindingPage | null;
}

export function readPage(code: string, text: string): FindingPage {
  return {
    title: /^# `[^`]*`: (.*)$/m.exec(text)?.[1] ?? code,
    why: section(text, 'Why'),
    fix: section(text, 'How to fix it'),
    text,
  };
}

/** A code with its title, in one line. */
export function pageLine(code: string, pages: PageSource): string {
  return `\`${code}\`: ${pages.page(code)?.title ?? code}`;
}

function section(text: string, heading: string): string {
  const start = text.indexOf(`## ${heading}\n`);
  if (start < 0) return '';
  const body = text.slice(start + heading.length + 4);
  const end = body.indexOf('\n## ');
  return (end < 0 ? body : body.slice(0, end)).trim();
}
