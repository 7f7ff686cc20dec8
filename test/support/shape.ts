// The shape of plain data, written down as data: exact keys, types of values. Used to hold JSON against a contract.

/** A description of a value: `string|null` names primitive types, [S] is an array of S, an object has exactly its keys. */
export type Shape = string | readonly [Shape] | { readonly [key: string]: Shape };

/** Where `value` departs from `shape`, as readable paths; none when it fits. Keys ending in `?` may be absent. */
export function departures(value: unknown, shape: Shape, path = '$'): string[] {
  if (typeof shape === 'string') return primitive(value, shape, path);
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} is no array`];
    return value.flatMap((element, i) => departures(element, shape[0], `${path}[${i}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
  const given = new Map<string, unknown>(Object.entries(value));
  const found: string[] = [];
  for (const [key, inner] of Object.entries(shape)) {
    const name = key.replace(/\?$/, '');
    if (given.has(name)) found.push(...departures(given.get(name), inner, `${path}.${name}`));
    else if (name === key) found.push(`${path}.${name} is missing`);
    given.delete(name);
  }
  return [...found, ...[...given.keys()].map(key => `${path}.${key} is unexpected`)];
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** Alternatives are types, or literals in quotes. */
function primitive(value: unknown, alternatives: string, path: string): string[] {
  const type = value === null ? 'null' : typeof value;
  const fits = alternatives.split('|').some(one => one === type || one === `'${String(value)}'`);
  return fits ? [] : [`${path} is ${JSON.stringify(value)}, not ${alternatives}`];
}
