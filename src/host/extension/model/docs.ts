// Documentation pages of findings: in the extension itself; documentationUrl() has them on the web.
export { documentationUrl } from '../../../protocol/documentation';

/** The page inside the extension. */
export function documentationFile(code: string): string {
  return `doc/findings/${code}.md`;
}

/** Codes with the titles of their pages, as the index of the pages lists them. */
export function pagesOfIndex(markdown: string): { readonly code: string; readonly title: string }[] {
  const rows = markdown.matchAll(/^\| \[`([^`]+)`\]\([^)]*\)[ \t]*\|([^|\n]*)\|$/gm);
  return [...rows].map(([, code = '', title = '']) => ({ code, title: title.trim() }));
}
