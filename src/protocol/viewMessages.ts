// What messages between the webview and the extension must look like. Both sides hold what they hear against these.
import * as v from 'valibot';
import { TABS, type FromView, type ToView, type ViewMethod } from './view';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();
/** Of what a person can be shown; anything longer is a mistake. */
const shortText = v.pipe(v.string(), v.maxLength(4096));
const bytes = v.instance(Uint8Array);

const METHODS = [
  'summary',
  'layout',
  'steps',
  'relocation',
  'tables',
  'graph',
  'graphOverview',
] as const satisfies readonly ViewMethod[];

/** Modules further away than that have nothing to do with each other. */
const MOST_DEPTH = 10;

/** Parameters of a request, by method. */
export const paramsSchemas = {
  summary: v.strictObject({}),
  layout: v.strictObject({ target: count }),
  steps: v.strictObject({ target: count }),
  relocation: v.strictObject({ target: count, index: count }),
  tables: v.strictObject({}),
  graph: v.strictObject({
    target: count,
    depth: v.pipe(count, v.maxValue(MOST_DEPTH)),
    direction: v.picklist(['needs', 'users', 'both']),
    focus: v.nullable(shortText),
  }),
  graphOverview: v.strictObject({ target: count }),
} satisfies Record<ViewMethod, v.GenericSchema>;

const subject = v.strictObject({
  kind: v.picklist(['section', 'symbol', 'parameter', 'import', 'export']),
  name: shortText,
  section: shortText,
});

/** Largest picture or table a person saves or copies, in bytes or characters. */
export const MOST_SENT = 64 << 20;

export const fromViewSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('ready') }),
  v.strictObject({ kind: v.literal('obeyed') }),
  v.strictObject({ kind: v.literal('request'), id: count, method: v.picklist(METHODS), params: v.unknown() }),
  v.strictObject({ kind: v.literal('open-source'), subject }),
  v.strictObject({ kind: v.literal('open-module'), path: shortText }),
  v.strictObject({ kind: v.literal('select-targets') }),
  v.strictObject({ kind: v.literal('with-needs'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(MOST_SENT)) }),
  v.strictObject({
    kind: v.literal('save'),
    name: v.pipe(shortText, v.regex(/^[^/\\]+\.(?:svg|png|md)$/)),
    data: v.pipe(
      bytes,
      v.check(data => data.byteLength <= MOST_SENT),
    ),
  }),
]) satisfies v.GenericSchema<FromView>;

export const toViewSchema = v.union([
  v.strictObject({ kind: v.literal('answer'), id: count, ok: v.literal(true), value: v.unknown() }),
  v.strictObject({ kind: v.literal('answer'), id: count, ok: v.literal(false), reason: text }),
  v.strictObject({ kind: v.literal('changed') }),
  v.strictObject({ kind: v.literal('show-tab'), tab: v.picklist(TABS) }),
  v.strictObject({ kind: v.literal('reveal'), section: text, symbol: text }),
  v.strictObject({ kind: v.literal('graph-progress'), read: count, total: count }),
]) satisfies v.GenericSchema<ToView>;
