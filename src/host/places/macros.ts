// Where a module's sources invoke the macros that say what it is.
import type { SourceLocation } from '../../findings/types';
import type { SourceLibrary } from './library';

/** What becomes init_module(): module_init(), initcalls, and the macros of bus drivers. */
export const INIT =
  /^(?:module_init|(?:early|pure|core|postcore|arch|subsys|fs|rootfs|device|late)_initcall(?:_sync)?|module_\w*driver\w*|drm_module_\w+)$/;

/** Invocations of a macro in the sources and own headers of a module. */
export function macroPlaces(library: SourceLibrary, macro: RegExp): readonly SourceLocation[] {
  return library
    .all()
    .flatMap(({ file, source }) =>
      source.invocations(macro).map(({ name }) => ({ file, line: name.line, column: name.column })),
    );
}
