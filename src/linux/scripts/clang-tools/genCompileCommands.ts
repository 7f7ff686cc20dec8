// What scripts/clang-tools/gen_compile_commands.py reads out of the .cmd files that kbuild leaves beside objects.

/** One entry of compile_commands.json (clang's JSONCompilationDatabase). */
export interface CompileCommand {
  readonly directory: string;
  readonly file: string;
  readonly command: string;
}

const COMMAND = /^(?:saved)?cmd_(\S+\.o) := (.* )(\S+\.[cS]) *(?:;|$)/m;

/**
 * The entry of one object; null where it was not compiled from a C or assembler file, or from one that modpost wrote.
 *
 * @param text of the .cmd file
 * @param directories where kbuild may have run the compiler: up to 6.12 in the kernel's build directory, with absolute
 *   names of objects; since then in the module's own
 */
export function compileCommand(
  text: string,
  directories: { readonly kernel: string; readonly module: string },
): CompileCommand | null {
  const match = COMMAND.exec(text);
  if (!match) return null;
  const [, object = '', prefix = '', file = ''] = match;
  if (file.endsWith('.mod.c')) return null;
  const directory = object.startsWith('/') ? directories.kernel : directories.module;
  // What make would have made of it: it escapes number signs and dollars in what it keeps.
  const command = (prefix + file).replaceAll('$(pound)', '#').replaceAll('\\#', '#').replaceAll('$$', '$');
  return { directory, file: file.startsWith('/') ? file : `${directory}/${file}`, command };
}
