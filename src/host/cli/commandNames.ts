// What the launcher has to know about commands before any of their code runs.

/** In the order of the help. */
export const COMMAND_NAMES = [
  'insmod',
  'rmmod',
  'modprobe',
  'modinfo',
  'check',
  'boot',
  'matrix',
  'why',
  'initcalls',
  'explain',
  'cache',
  'capture',
  'target',
  'compdb',
  'mcp',
  'completion',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];

export const isCommandName = (word: string | undefined): word is CommandName =>
  COMMAND_NAMES.some(name => name === word);

/** Options of V8 for a command. They are set before anything is compiled, because compiled code is kept for equal options only. */
export const V8_FLAGS: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  check: [
    // Thousands of loads warm up everything a little. Compiling only what is truly hot saves a quarter of the CPU.
    '--interrupt-budget=400000',
    // The optimizing compiler takes a fifth of the CPU, most of it for what it inlines.
    '--max-inlined-bytecode-size-cumulative=400',
    // What a module leaves behind is dead when the next one comes: a larger young generation holds 40 MiB more of it.
    '--semi-space-growth-factor=1',
  ],
};
