// Where the documentation of findings is on the web: a page for each code.
import { homepage } from '../../package.json';

export const HOMEPAGE = homepage.split('#', 1).join();

export function documentationUrl(code: string): string {
  return `${HOMEPAGE}/blob/main/doc/findings/${code}.md`;
}
