// Documentation pages of findings, in the packaged extension; documentationUrl() has them on the web.
export { documentationUrl } from '../../protocol/documentation';

/** The page inside the extension. */
export function documentationFile(code: string): string {
  return `doc/findings/${code}.md`;
}
