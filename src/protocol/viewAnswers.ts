// What answers to the webview must look like, method by method.
import * as v from 'valibot';
import { graph, graphOverview } from './graphAnswers';
import { finding, note } from './texts';
import type { LayoutModel, ModuleSummary, ModuleTables, RelocationBytes, StepsModel, ViewMethod } from './view';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();
const maybeText = v.nullable(text);
const texts = v.array(text);
const bytes = v.instance(Uint8Array);
const words = v.instance(Uint32Array);
const floats = v.instance(Float64Array);
const bigs = v.instance(BigUint64Array);
const verdict = v.picklist(['loads', 'refused', 'unchecked']);
const fields = v.array(v.tuple([text, text]));
const location = v.object({ file: text, line: count, column: count });
/** A value as it is, or words about it. */
const said = v.union([text, note]);
const logLines = v.array(v.object({ level: count, text }));

const summary = v.object({
  path: text,
  name: text,
  stamp: text,
  fileSize: count,
  failure: v.nullable(note),
  targets: v.array(
    v.object({
      path: text,
      release: text,
      verdict,
      errno: count,
      errnoName: maybeText,
      reason: v.nullable(finding),
      taints: text,
    }),
  ),
  needsFindable: v.boolean(),
  missingTargets: v.array(v.object({ path: text, reason: note })),
  modinfo: fields,
  signature: fields,
}) satisfies v.GenericSchema<ModuleSummary>;

const layout = v.object({
  release: text,
  verdict,
  errnoName: maybeText,
  refusedBy: maybeText,
  pageSize: count,
  coresize: count,
  initsize: count,
  regions: v.array(
    v.object({
      name: text,
      init: v.boolean(),
      base: text,
      size: count,
      padding: count,
      protections: v.array(
        v.object({
          kind: text,
          protection: v.picklist(['r-x', 'r--', 'rw-', 'rwx', 'r-- after init']),
          offset: count,
          size: count,
          padding: count,
          sections: v.array(
            v.object({
              name: text,
              index: count,
              offset: count,
              size: count,
              align: count,
              paddingBefore: count,
              symbols: v.tuple([count, count]),
              relocations: count,
            }),
          ),
        }),
      ),
    }),
  ),
  symbols: v.object({
    names: texts,
    offset: floats,
    size: floats,
    paddingBefore: floats,
    st_info: bytes,
    align: words,
  }),
  growth: v.nullable(
    v.object({
      coresize: v.number(),
      initsize: v.number(),
      entries: v.array(
        v.object({
          kind: v.picklist(['section', 'symbol']),
          section: text,
          symbol: text,
          before: v.nullable(count),
          after: v.nullable(count),
        }),
      ),
    }),
  ),
}) satisfies v.GenericSchema<LayoutModel>;

const steps = v.object({
  release: text,
  verdict,
  errno: count,
  errnoName: maybeText,
  insmod: maybeText,
  stages: v.array(
    v.object({
      name: text,
      purpose: text,
      outcome: v.picklist(['passed', 'refused', 'skipped', 'not-checked', 'not-reached']),
      notes: v.array(note),
      checks: v.array(v.object({ what: said, value: said, against: said, ok: v.nullable(v.boolean()) })),
      changed: v.array(
        v.picklist([
          'section headers',
          'module memory',
          'symbol values',
          'relocations',
          'module state',
          'struct module',
          'taints',
          'kernel log',
          'parameters',
        ]),
      ),
      taints: text,
      state: v.nullable(v.picklist(['unformed', 'coming', 'live', 'going'])),
      kernelTaints: text,
      log: v.tuple([count, count]),
      findings: v.tuple([count, count]),
      headerState: v.pipe(v.number(), v.integer()),
    }),
  ),
  sectionNames: texts,
  headers: v.array(
    v.object({
      stage: maybeText,
      sh_type: words,
      sh_flags: words,
      sh_addr: bigs,
      sh_offset: floats,
      sh_size: floats,
      sh_addralign: floats,
      sh_link: words,
      sh_info: words,
    }),
  ),
  log: logLines,
  findings: v.array(finding),
  symbols: v.nullable(
    v.object({
      names: texts,
      st_shndx: v.instance(Uint16Array),
      before: bigs,
      after: bigs,
      status: bytes,
      statuses: texts,
      searches: v.object({
        symbols: texts,
        tables: v.array(v.object({ owner: text, section: text })),
        symbol: words,
        table: words,
        outcome: bytes,
        outcomes: v.array(v.picklist(['absent', 'found', 'hidden', 'passed-over', 'unformed'])),
        byHalves: v.boolean(),
      }),
      uses: v.object({
        bothWays: v.boolean(),
        modules: v.array(v.object({ name: text, users: texts, symbols: count })),
      }),
    }),
  ),
  relocations: v.object({
    target: words,
    offset: floats,
    type: v.instance(Uint16Array),
    typeNames: texts,
    typeWidths: v.array(count),
    symbol: words,
    symbolNames: texts,
    addend: floats,
    tried: count,
    before: bigs,
    after: bigs,
  }),
  links: v.nullable(
    v.object({
      tables: v.array(v.picklist(['PLT', 'GOT', 'stub', 'veneer'])),
      places: texts,
      names: texts,
      targets: bigs,
      entry: words,
      relocation: words,
    }),
  ),
  structModule: v.nullable(
    v.object({
      source: v.picklist(['btf', 'dwarf', 'prefix']),
      size: count,
      members: v.array(v.object({ name: text, offset: count, size: count, initial: said })),
      writes: v.array(v.object({ stage: count, by: text, member: count, value: said })),
    }),
  ),
  patches: v.array(v.object({ section: text, bytes: count, by: text, stage: text, does: note })),
  extable: v.nullable(
    v.object({
      entrySize: count,
      relative: v.boolean(),
      insn: texts,
      fixup: texts,
      order: words,
      moved: count,
      trimmed: count,
      left: count,
    }),
  ),
  freed: v.array(v.object({ region: text, bytes: count, parts: texts })),
}) satisfies v.GenericSchema<StepsModel>;

const relocation = v.nullable(
  v.object({ address: text, before: bytes, after: bytes, fieldStart: count, fieldLength: count }),
) satisfies v.GenericSchema<RelocationBytes | null>;

const exportType = v.picklist([
  'EXPORT_SYMBOL',
  'EXPORT_SYMBOL_GPL',
  'EXPORT_SYMBOL_GPL_FUTURE',
  'EXPORT_UNUSED_SYMBOL',
  'EXPORT_UNUSED_SYMBOL_GPL',
]);

const tables = v.object({
  symbols: v.array(
    v.object({
      name: text,
      role: v.picklist(['import', 'export']),
      crc: maybeText,
      targets: v.array(
        v.object({
          release: text,
          owner: maybeText,
          crc: maybeText,
          type: maybeText,
          namespace: maybeText,
          namespaceImported: v.boolean(),
          status: maybeText,
          file: maybeText,
          row: v.nullable(location),
        }),
      ),
      locations: v.array(location),
    }),
  ),
  exports: v.array(v.object({ name: text, type: exportType, namespace: maybeText, crc: maybeText })),
  users: v.array(texts),
  parameters: v.array(
    v.array(
      v.object({
        name: text,
        type: text,
        perm: count,
        value: maybeText,
        defaultValue: maybeText,
        description: maybeText,
        location: v.nullable(location),
      }),
    ),
  ),
}) satisfies v.GenericSchema<ModuleTables>;

/** Answers, by method. */
export const answerSchemas = {
  summary,
  layout,
  steps,
  relocation,
  tables,
  graph,
  graphOverview,
} satisfies Record<ViewMethod, v.GenericSchema>;
