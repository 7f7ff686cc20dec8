// Documentation pages of findings: one for each code, in the repository and in the packaged extension.
import { homepage } from '../../../package.json';

/** Where the pages are on the web. */
const BASE = `${homepage.replace(/#.*$/, '')}/blob/main/doc/findings`;

export function documentationUrl(code: string): string {
  return `${BASE}/${code}.md`;
}

/** The page inside the extension. */
export function documentationFile(code: string): string {
  return `doc/findings/${code}.md`;
}
