// Parts of the facts as an image has them, with where they were learnt.
import type { StructModuleFacts } from '../../formats/btf/btf';
import type { BaseBtf, FactName, FactSources, TrustedKeys } from '../types';
import type { FoundImage } from './image';
import type { OwnModuleFacts } from './ownModules';

/** The BTF of the kernel itself; null where it has none. */
export function btfOfImage({ path, image }: FoundImage): BaseBtf | null {
  const bytes = image.readBtf();
  return bytes && { bytes, source: `.BTF of ${path}` };
}

/** By its BTF. */
export function structModuleOfImage(found: FoundImage | null): StructModuleFacts | null {
  const shape = found?.image.structModule;
  return found && shape ? { ...shape, source: `.BTF of ${found.path}` } : null;
}

/** null where no list of certificates was found in the image: then the keyring is not known. */
export function keysOfImage(found: FoundImage | null): TrustedKeys | null {
  const certificates = found?.image.certificates;
  return found && certificates ? { certificates, source: `the built-in keyring of ${found.path}` } : null;
}

/** What the kernel compares with, from the kernel itself, else from a module of its build, else put together. */
export function vermagicOf(
  found: FoundImage | null,
  own: OwnModuleFacts | null,
  composed: () => string,
): { readonly text: string; readonly source: string | null } {
  const ofImage = found?.image.vermagic;
  if (found && ofImage) return { text: ofImage, source: found.path };
  if (own?.vermagic) return { text: own.vermagic, source: own.path };
  return { text: composed(), source: null };
}

/** Without the facts that are not known. */
export function learnt(sources: Readonly<Partial<Record<FactName, string | null | undefined>>>): FactSources {
  return Object.fromEntries(Object.entries(sources).filter(([, source]) => source));
}
