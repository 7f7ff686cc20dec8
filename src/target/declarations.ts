// What the headers of a kernel declare, where that tells one generation of loaders from another.

/** One thing to look for: in which header, relative to the source tree, and what its declaration looks like. */
interface Declaration {
  readonly file: string;
  readonly pattern: RegExp;
}

/** A generation row asks for these by name: see src/linux/generations.ts. */
const DECLARATIONS = {
  'struct module_memory': { file: 'include/linux/module.h', pattern: /^struct module_memory \{/m },
  'MODULE_IMPORT_NS(string)': {
    file: 'include/linux/module.h',
    pattern: /^#define MODULE_IMPORT_NS\(ns\)\s+MODULE_INFO\(import_ns, ns\)/m,
  },
  MODULE_INIT_COMPRESSED_FILE: {
    file: 'include/uapi/linux/module.h',
    pattern: /^#define MODULE_INIT_COMPRESSED_FILE\b/m,
  },
  'struct plt_entries': { file: 'arch/arm/include/asm/module.h', pattern: /^struct plt_entries \{/m },
  __kflagstab: { file: 'include/linux/export-internal.h', pattern: /__kflagstab/ },
} as const satisfies Record<string, Declaration>;

/** Whether a file may be a header that is looked into. */
export function isDeclarationHeader(place: string): boolean {
  return Object.values(DECLARATIONS).some(({ file }) => place.endsWith(`/${file}`));
}

export type DeclarationName = keyof typeof DECLARATIONS;

/** Whether each is declared; null where its header is not at hand. */
export type Declarations = Readonly<Partial<Record<DeclarationName, boolean | null>>>;

/** Reads what a snapshot kept; anything else counts as not at hand. */
export function parseDeclarations(value: unknown): Declarations | null {
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.keys(DECLARATIONS).flatMap(name => {
    const declared = (value as Record<string, unknown>)[name];
    return typeof declared === 'boolean' ? [[name, declared]] : [];
  });
  return Object.fromEntries(entries) as Declarations;
}

/** @param read the text of a header, by its path in the source tree; null when it is not there */
export function readDeclarations(read: (file: string) => string | null): Declarations {
  const texts = new Map<string, string | null>();
  const entries = Object.entries(DECLARATIONS).map(([name, { file, pattern }]: [string, Declaration]) => {
    if (!texts.has(file)) texts.set(file, read(file));
    const text = texts.get(file) ?? null;
    return [name, text === null ? null : pattern.test(text)];
  });
  return Object.fromEntries(entries) as Declarations;
}
