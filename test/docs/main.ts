// npm run docs: writes the generated parts of the documentation.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kernel/lib/paths';
import { generateDocs } from './generate';

async function main(): Promise<void> {
  for (const [file, text] of await generateDocs()) writeFileSync(path.join(repositoryRoot(), file), text);
}

void main();
