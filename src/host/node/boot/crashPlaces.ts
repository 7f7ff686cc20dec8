// Lines of C for the frames of a crash.
import { openObject, type ObjectFile } from '../../../formats/ko/objectFile';
import type { ModuleFile } from '../../../index';
import type { CrashFrame } from '../../../report/boot/types';
import { openLocator, type Locator } from '../../places/locate';

/** A module that was loaded, by the name the kernel has for it. */
export interface NamedModule extends ModuleFile {
  readonly name: string;
}

/** The frames with their lines, where the debug information of a loaded module tells. */
export async function placeFrames(
  frames: readonly CrashFrame[],
  modules: readonly NamedModule[],
): Promise<CrashFrame[]> {
  const opened = new Map<string, Opened | null>();
  const placed: CrashFrame[] = [];
  for (const [i, frame] of frames.entries()) {
    const { module } = frame;
    if (module !== null && !opened.has(module))
      opened.set(module, await open(modules.find(({ name }) => name === module)));
    const about = module === null ? null : (opened.get(module) ?? null);
    placed.push({ ...frame, location: about && lineOf(about, frame, i > 0) });
  }
  return placed;
}

interface Opened {
  readonly object: ObjectFile;
  readonly locator: Locator;
}

async function open(file: NamedModule | undefined): Promise<Opened | null> {
  const object = file && openObject(file.bytes);
  return object ? { object, locator: await openLocator(file.path, object, file.name) } : null;
}

/** @param isCaller the address is where a call returns to, which may belong to the next line */
function lineOf({ object, locator }: Opened, frame: CrashFrame, isCaller: boolean): CrashFrame['location'] {
  const { symbols, sectionNames } = object;
  for (let i = 1; i < symbols.count; i++) {
    if (symbols.name(i) !== frame.function) continue;
    const section = sectionNames[symbols.section(i)];
    const offset = symbols.value(i) + frame.offset - (isCaller ? 1 : 0);
    const found = section === undefined ? null : locator.code(section, offset);
    if (found) return found;
  }
  return null;
}
