// Functions on the stack of a kernel that crashed, from the lines on its console.
import type { CrashFrame } from './types';

/** What names the instruction that crashed: x86_64, i386, arm64 and arm, riscv64, ppc64le and s390x. */
const WHERE = /\b(?:RIP: [0-9a-f]{4}:|EIP: |pc : |PC is at |epc : |NIP |Krnl PSW : [0-9a-f]+ [0-9a-f]+ \()/;

/** `function+0x1a/0x40 [module]`; a build ID may stand behind the name of the module (lib/vsprintf.c, %pB). */
const FUNCTION = /(?<![\w.$])([\w.$]+)\+0x([0-9a-f]+)\/0x[0-9a-f]+(?: \[(\w+)(?: [0-9a-f]{8,})?\])?/;

/** What stands between the time and a function of a trace: an address, a number, or the question mark of a doubtful one. */
const IN_TRACE = /^(?:(?:\[?<?[0-9a-f]+>?\]?|#\d+) )*(\? )?(?=[\w.$]+\+0x)/;

/** Frames behind these were interrupted or called long before, and have no part in the crash. */
const MOST_FRAMES = 24;

/** Innermost first; without doubtful ones, and those of the crash alone. */
export function crashFrames(console: readonly string[]): CrashFrame[] {
  const frames: CrashFrame[] = [];
  for (const line of console) {
    const text = line.replace(/^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?/, '').trimStart();
    // A second crash is a consequence of the first.
    if (/end trace|end Kernel panic/.test(text)) break;
    const isWhere = WHERE.test(text);
    if (isWhere ? frames.length > 0 : !IN_TRACE.test(text) || text.match(IN_TRACE)?.[1] !== undefined) continue;
    const [, name = '', offset = '', module = null] = FUNCTION.exec(text) ?? [];
    if (name === '' || frames.length >= MOST_FRAMES) continue;
    const frame = { function: name, offset: parseInt(offset, 16), module, location: null };
    const before = frames.at(-1);
    // The instruction that crashed is named once more at the top of the trace of some architectures.
    if (before?.function !== name || before.offset !== frame.offset) frames.push(frame);
  }
  return frames;
}
