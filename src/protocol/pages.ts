// Pages that show one answer: what the extension sends, and what it is told. Both sides hold every message against the schemas.
import * as v from 'valibot';
import type { ComparedFact } from '../report/boot/types';
import type { TargetChoice } from './analysis';

/** Line and column count from 1. */
export interface PagePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A function on the stack of a kernel that crashed. */
export interface PageFrame {
  readonly function: string;
  readonly offset: number;
  readonly module: string | null;
  readonly location: PagePlace | null;
}

/** A module on a real kernel beside its simulation. */
export interface BootPage {
  readonly kind: 'boot';
  readonly module: string;
  /** As the workspace names it. */
  readonly path: string;
  readonly release: string;
  readonly image: string;
  readonly verdict: 'loads' | 'init-failed' | 'refused' | 'crashed' | 'hung' | 'unanswered';
  readonly errnoName: string | null;
  /** In the person's language. */
  readonly summary: string;
  readonly agrees: boolean;
  /** Seconds, and what ran the machine. */
  readonly seconds: number;
  readonly accelerator: 'kvm' | 'tcg';
  readonly facts: readonly ComparedFact[];
  readonly frames: readonly PageFrame[];
  /** What only the kernel can tell. */
  readonly initReturned: number | null;
  readonly printed: readonly { readonly level: number; readonly text: string; readonly byInit: boolean }[];
  /** Last words of a machine that did not end by itself. */
  readonly console: readonly string[];
  readonly loadedFirst: readonly string[];
  readonly absent: readonly string[];
}

/** Modules against kernels. */
export interface MatrixPage {
  readonly kind: 'matrix';
  readonly kernels: readonly { readonly release: string; readonly arch: string; readonly target: string }[];
  readonly rows: readonly { readonly name: string; readonly path: string; readonly cells: readonly MatrixPageCell[] }[];
  /** What could not be used, a line each in the person's language. */
  readonly unusable: readonly string[];
}

export interface MatrixPageCell {
  readonly verdict: 'loads' | 'refused' | 'unchecked';
  readonly errnoName: string | null;
  /** Code of the finding that refuses the module; null where none does. */
  readonly check: string | null;
  /** In the person's language; null where there is nothing to say. */
  readonly reason: string | null;
}

export type ReportPage = BootPage | MatrixPage;

/** What the buttons of a page need. The page keeps it, because the extension forgets it when the window is reloaded. */
export type PageSubject = BootSubject | MatrixSubject;

export interface BootSubject {
  readonly kind: 'boot';
  /** The module, its parameters as one string, and the kernel it was loaded on. */
  readonly path: string;
  readonly args: string;
  readonly target: TargetChoice;
  readonly release: string;
  /** Text to copy. */
  readonly bugReport: string;
}

export interface MatrixSubject {
  readonly kind: 'matrix';
  readonly paths: readonly string[];
  readonly targets: readonly TargetChoice[];
  /** Modules in the order of the rows, each with the line of C that stops it on each kernel; null where there is none. */
  readonly rows: readonly { readonly path: string; readonly places: readonly (PagePlace | null)[] }[];
}

export interface KeptPage {
  readonly page: ReportPage;
  readonly subject: PageSubject;
}

export type ToPage = { readonly kind: 'show' } & KeptPage;

/** Buttons of a page. */
export type PageAction = 'again' | 'bug-report' | 'console';

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'copy'; readonly text: string }
  | ({ readonly kind: 'open' } & PagePlace)
  | { readonly kind: 'act'; readonly action: PageAction }
  /** A cell of a matrix, by its row and column. */
  | { readonly kind: 'cell'; readonly row: number; readonly column: number };

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const nullableText = v.nullable(text);
const placeInFile = v.strictObject({ file: text, line: count, column: count }) satisfies v.GenericSchema<PagePlace>;

const bootPage = v.strictObject({
  kind: v.literal('boot'),
  module: text,
  path: text,
  release: text,
  image: text,
  verdict: v.picklist(['loads', 'init-failed', 'refused', 'crashed', 'hung', 'unanswered']),
  errnoName: nullableText,
  summary: text,
  agrees: v.boolean(),
  seconds: v.number(),
  accelerator: v.picklist(['kvm', 'tcg']),
  facts: v.array(
    v.strictObject({
      fact: v.picklist([
        'verdict',
        'errno',
        'log',
        'section',
        'size',
        'taints',
        'parameter',
        'modules',
        'rmmod',
        'rmmod-log',
      ]),
      name: text,
      simulated: nullableText,
      real: nullableText,
      outcome: v.picklist(['same', 'differs', 'init']),
    }),
  ),
  frames: v.array(
    v.strictObject({
      function: text,
      offset: count,
      module: nullableText,
      location: v.nullable(placeInFile),
    }),
  ),
  initReturned: v.nullable(v.number()),
  printed: v.array(v.strictObject({ level: count, text, byInit: v.boolean() })),
  console: v.array(text),
  loadedFirst: v.array(text),
  absent: v.array(text),
}) satisfies v.GenericSchema<BootPage>;

const matrixPage = v.strictObject({
  kind: v.literal('matrix'),
  kernels: v.array(v.strictObject({ release: text, arch: text, target: text })),
  rows: v.array(
    v.strictObject({
      name: text,
      path: text,
      cells: v.array(
        v.strictObject({
          verdict: v.picklist(['loads', 'refused', 'unchecked']),
          errnoName: nullableText,
          check: nullableText,
          reason: nullableText,
        }),
      ),
    }),
  ),
  unusable: v.array(text),
}) satisfies v.GenericSchema<MatrixPage>;

const target = v.strictObject({ path: text, modules: v.exactOptional(text) });

const bootSubject = v.strictObject({
  kind: v.literal('boot'),
  path: text,
  args: text,
  target,
  release: text,
  bugReport: text,
}) satisfies v.GenericSchema<BootSubject>;

const matrixSubject = v.strictObject({
  kind: v.literal('matrix'),
  paths: v.array(text),
  targets: v.array(target),
  rows: v.array(v.strictObject({ path: text, places: v.array(v.nullable(placeInFile)) })),
}) satisfies v.GenericSchema<MatrixSubject>;

const kept = {
  page: v.variant('kind', [bootPage, matrixPage]),
  subject: v.variant('kind', [bootSubject, matrixSubject]),
};

/** What a page wrote into the state of its window. */
export const keptPageSchema = v.strictObject(kept) satisfies v.GenericSchema<KeptPage>;

export const toPageSchema = v.strictObject({
  kind: v.literal('show'),
  ...kept,
}) satisfies v.GenericSchema<ToPage>;

/** Longest text that a page has copied, in characters. */
const MOST_COPIED = 1 << 20;

export const fromPageSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('ready') }),
  v.strictObject({ kind: v.literal('copy'), text: v.pipe(text, v.maxLength(MOST_COPIED)) }),
  v.strictObject({ kind: v.literal('open'), ...placeInFile.entries }),
  v.strictObject({ kind: v.literal('act'), action: v.picklist(['again', 'bug-report', 'console']) }),
  v.strictObject({ kind: v.literal('cell'), row: count, column: count }),
]) satisfies v.GenericSchema<FromPage>;
