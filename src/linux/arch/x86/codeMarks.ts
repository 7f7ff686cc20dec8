// What objtool and the compiler options of a kernel leave in code, and its module_finalize() (arch/x86/kernel/module.c)
// takes for granted: returns it can patch, entries for indirect calls, hashes of function types.
import { cfiHashMissing } from '../../../findings/cfiHashMissing';
import { endbrMissing } from '../../../findings/endbrMissing';
import { returnSitesMissing } from '../../../findings/returnSitesMissing';
import { findSec } from '../../kernel/module/loadInfo';
import type { Load } from '../../kernel/module/types';
import { calledIndirectly, codeOf, functionsOf, MOST_NAMES, type CodeFunction } from '../functions';

const R_X86_64_64 = 1;

/** Reports what is missing; the kernel checks none of it. */
export function codeMarks(load: Load): void {
  const isSet = (...options: string[]): boolean => options.some(option => load.facts.config[option] === 'y');
  const asked = [
    ...(isSet('MITIGATION_RETHUNK', 'RETHUNK') ? [noteReturns] : []),
    ...(isSet('X86_KERNEL_IBT') ? [noteEntries] : []),
    ...(isSet('CFI_CLANG', 'CFI') ? [noteHashes] : []),
  ];
  if (asked.length === 0) return;
  const functions = functionsOf(load);
  for (const note of asked) note(load, functions);
}

type Functions = ReturnType<typeof functionsOf>;

/** Returns that go around the thunk: apply_returns() patches only what .return_sites lists. */
function noteReturns(load: Load, functions: Functions): void {
  const plain: CodeFunction[] = [];
  let section = -1;
  let code: Uint8Array = new Uint8Array();
  for (const each of functions.values()) {
    // Neighbours in the table mostly lie in one section.
    if (each.section !== section) [section, code] = [each.section, codeOf(load, each)];
    if (endsInReturn(code, each)) plain.push(each);
  }
  if (plain.length === 0) return;
  const isListed = findSec(load.info, '.return_sites') !== 0;
  load.report(returnSitesMissing, { module: load.mod.name, functions: named(plain), count: plain.length, isListed });
}

const RET = 0xc3;
const INT3 = 0xcc;
const JMP_SHORT = 0xeb;

/** A function whose last instruction is a plain ret: its last byte is one, and no offset of a short jump. */
function endsInReturn(code: Uint8Array, each: CodeFunction): boolean {
  let last = each.start + each.size - 1;
  // Hardening against straight-line speculation puts an int3 behind a ret.
  if (code[last] === INT3) last--;
  if (last < each.start || code[last] !== RET) return false;
  return last === each.start || code[last - 1] !== JMP_SHORT;
}

/** f3 0f 1e fa */
const ENDBR64 = [0xf3, 0x0f, 0x1e, 0xfa];

function noteEntries(load: Load, functions: Functions): void {
  const bare = calledIndirectly(load, functions, R_X86_64_64).filter(each => {
    const code = codeOf(load, each);
    return ENDBR64.some((byte, i) => code[each.start + i] !== byte);
  });
  if (bare.length > 0) load.report(endbrMissing, { module: load.mod.name, functions: named(bare), count: bare.length });
}

/** Clang puts a symbol __cfi_NAME before each function it gives a hash of its type. */
function noteHashes(load: Load, functions: Functions): void {
  const names = [...functions.values()].map(({ name }) => name);
  if (!names.includes('init_module') || names.some(name => name.startsWith('__cfi_'))) return;
  load.report(cfiHashMissing, { module: load.mod.name });
}

const named = (functions: readonly CodeFunction[]): string[] => functions.slice(0, MOST_NAMES).map(({ name }) => name);
