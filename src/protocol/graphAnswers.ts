// What answers about the graph of modules must look like.
import * as v from 'valibot';
import { SYMBOL_STATUSES } from '../linux/kernel/module/symbolStatus';
import type { GraphModel, GraphOverview } from './graph';
import { note } from './texts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();
const maybeText = v.nullable(text);
const words = v.instance(Uint32Array);
const unreadable = v.array(v.object({ path: text, reason: note }));
const progress = v.object({ read: count, total: count });

export const graph = v.object({
  release: text,
  focus: maybeText,
  nodes: v.array(
    v.object({
      id: text,
      name: text,
      path: maybeText,
      kind: v.picklist(['focus', 'module', 'vmlinux', 'missing']),
      needs: count,
      users: count,
      hidden: count,
    }),
  ),
  edges: v.array(
    v.object({
      from: text,
      to: text,
      symbols: v.array(
        v.object({
          name: text,
          wanted: maybeText,
          found: maybeText,
          gplOnly: v.boolean(),
          namespace: maybeText,
          weak: v.boolean(),
          state: v.picklist(SYMBOL_STATUSES),
        }),
      ),
      broken: v.boolean(),
    }),
  ),
  truncated: v.boolean(),
  unreadable,
  complete: v.boolean(),
  progress,
}) satisfies v.GenericSchema<GraphModel>;

export const graphOverview = v.object({
  release: text,
  names: v.array(text),
  paths: v.array(maybeText),
  needs: words,
  users: words,
  broken: words,
  exports: words,
  imports: words,
  unreadable,
  complete: v.boolean(),
  progress,
}) satisfies v.GenericSchema<GraphOverview>;
