// Where this machine gets its packages from: sources.list(5), in both of its forms.
import path from 'node:path';
import { namesIn, readTextIfReadable } from '../files';

export interface AptSource {
  /** Without a slash at the end. */
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** File of the keys that sign it; null where apt's own are meant. */
  readonly signedBy: string | null;
}

/** @param directory for tests */
export function aptSources(directory = '/etc/apt'): AptSource[] {
  const parts = path.join(directory, 'sources.list.d');
  const files = [path.join(directory, 'sources.list'), ...namesIn(parts).map(name => path.join(parts, name))];
  return files.flatMap(file => {
    const text = readTextIfReadable(file) ?? '';
    if (file.endsWith('.sources')) return deb822(text);
    return file.endsWith('.list') ? oneLine(text) : [];
  });
}

/** `deb [signed-by=FILE ...] URI SUITE COMPONENT...` */
function oneLine(text: string): AptSource[] {
  return text.split('\n').flatMap(line => {
    const [, options = '', uri, rest = ''] = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+([^#]*)/.exec(line) ?? [];
    const [suite, ...components] = words(rest);
    const signedBy = /\bsigned-by=(\/\S+)/.exec(options)?.[1] ?? null;
    return uri === undefined || suite === undefined ? [] : [{ uri: bare(uri), suites: [suite], components, signedBy }];
  });
}

/** Stanzas of fields; a line that starts with a blank goes on with the field before. */
function deb822(text: string): AptSource[] {
  const plain = text.replace(/^#.*\n?/gm, '').replace(/\n[ \t]+/g, ' ');
  return plain.split(/\n\s*\n/).flatMap(stanza => {
    const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';
    if (!words(field('Types')).includes('deb') || /^no$/i.test(field('Enabled'))) return [];
    const [suites, components] = [words(field('Suites')), words(field('Components'))];
    const signedBy = /^\/\S+/.exec(field('Signed-By'))?.[0] ?? null;
    return words(field('URIs')).map(uri => ({ uri: bare(uri), suites, components, signedBy }));
  });
}

const words = (text: string): string[] => text.split(/\s+/).filter(word => word !== '');

/** Without slashes at its end. */
export function bare(uri: string): string {
  let end = uri.length;
  while (uri[end - 1] === '/') end--;
  return uri.slice(0, end);
}
