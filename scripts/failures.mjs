// A reporter for Node's test runner: the names of tests that failed, one a line, with file and line.
import path from 'node:path';

export default async function* failures(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:fail' || data.details?.error?.failureType === 'subtestsFailed') continue;
    const place = data.file ? ` (${path.relative(process.cwd(), data.file)}:${data.line})` : '';
    yield `${data.name}${place}\n`;
  }
}
