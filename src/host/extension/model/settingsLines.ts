// Module parameters in settings: `insmodLens.parameters` of settings.json and of .code-workspace files.
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser/lib/esm/main.js';
import { moduleNameOfPath } from '../../../formats/ko/moduleName';
import { argumentAt, type ScriptArgument, type ScriptUse } from './scriptLines';

const SETTING = 'insmodLens.parameters';

/** The parameters that a settings file gives to modules; none for text that is no JSON with comments. */
export function parseSettings(text: string): ScriptUse[] {
  const root = parseTree(text);
  if (!root) return [];
  const found = findNodeAtLocation(root, [SETTING]) ?? findNodeAtLocation(root, ['settings', SETTING]);
  return (found?.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    const args = value ? argumentsIn(text, value) : [];
    return typeof key?.value === 'string' ? [{ module: moduleNameOfPath(key.value), args }] : [];
  });
}

function argumentsIn(text: string, { type, value, offset, length }: Node): ScriptArgument[] {
  if (type !== 'string') return [];
  const inside = text.slice(offset + 1, offset + length - 1);
  // Escapes stand for fewer characters than they take: then each argument is marked as the whole text.
  const isPlain = inside === value;
  return [...String(value).matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(match => {
    const start = isPlain ? offset + 1 + match.index : offset;
    const argument = argumentAt({ text: match[0], start, end: isPlain ? start + match[0].length : offset + length });
    return isPlain ? argument : { ...argument, nameEnd: argument.end };
  });
}
