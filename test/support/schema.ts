// The published schemas, as a validator reads them, and stricter: a key that a schema does not name is a mistake here.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { repositoryRoot } from '../kernel/lib/paths';

const SCHEMAS = path.join(repositoryRoot(), 'schema');

export const SCHEMA_NAMES = readdirSync(SCHEMAS).map(file => file.replace('.schema.json', ''));

type Json = Record<string, unknown>;

export function readSchema(name: string): Json {
  return JSON.parse(readFileSync(path.join(SCHEMAS, `${name}.schema.json`), 'utf8')) as Json;
}

/** Every object that lists its properties has no others. Programs must accept keys that later versions add; tests must not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return inner['type'] === 'object' && 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}

const validators = new Map<string, ValidateFunction>();

/** Where `value` departs from the schema of that name, as readable lines; none when it fits. */
export function schemaErrors(name: string, value: unknown): string[] {
  if (validators.size === 0) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    for (const each of SCHEMA_NAMES) ajv.addSchema(closed(readSchema(each)) as Json);
    for (const each of SCHEMA_NAMES) {
      const validate = ajv.getSchema(String(readSchema(each)['$id']));
      if (validate) validators.set(each, validate);
    }
  }
  const validate = validators.get(name);
  if (!validate) throw new Error(`no schema ${name}`);
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
