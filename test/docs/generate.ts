// All documentation that is generated, as file names and texts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { cliReference } from './cliReference';
import { allCodes } from '../../src/explain/forms';
import { indexPage, withGenerated } from './findingPages';
import { reproduceAll } from './reproduce';
import { generationsPage } from './generationTable';
import { loadingPage } from './stageTable';
import { walkPage } from './walkPage';

/** Texts by path below the repository. Parts written by hand are taken from the files as they are. */
export async function generateDocs(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const examples = await reproduceAll();
  const titles = new Map<string, string>();
  for (const code of allCodes()) {
    const file = `doc/findings/${code}.md`;
    const page = readFileSync(path.join(repositoryRoot(), file), 'utf8');
    titles.set(code, /^# `.*?`: (.*)$/m.exec(page)?.[1] ?? '');
    const example = examples.get(code);
    if (!example) throw new Error(`no example for ${code}`);
    files.set(file, withGenerated(page, code, example));
  }
  files.set('doc/findings/README.md', indexPage(titles));
  files.set('doc/cli.md', cliReference());
  files.set('doc/loading.md', loadingPage());
  files.set('doc/generations.md', generationsPage());
  files.set('doc/walk.md', walkPage());
  return files;
}
