// A fixture as it would be, had it been built for another kernel: its release, the CRCs of what it imports, and where init and
// exit stand in struct module. Code and all else stay as they are.
import { KoFile, number } from '../lib/koFile';
import { applyRecipe, toHex, type Patch } from '../lib/recipe';
import type { KernelFacts } from '../../../src/target/types';

const THIS_MODULE = '.gnu.linkonce.this_module';

type Told = Pick<KernelFacts, 'vermagic' | 'exports' | 'structModule'>;

/**
 * @param from the kernel that the fixture was built for
 * @param to the kernel it shall be for
 */
export function restamp(fixture: string, bytes: Uint8Array, from: Told, to: Told): Uint8Array {
  const ko = new KoFile(fixture, bytes);
  const stamped = applyRecipe(bytes, { patches: [...crcs(ko, to), ...structModule(ko, from, to)] });
  return withVermagic(withStructSize(stamped, fixture, to), fixture, to.vermagic);
}

/** What the other kernel does not export keeps its CRC: it is not found there. */
function crcs(ko: KoFile, { exports }: Told): Patch[] {
  return ko.versions.flatMap(({ name, at }) => {
    const index = exports.findName(name);
    return index < 0 ? [] : [number(at, 8, exports.crc(index))];
  });
}

/** Relocations of init and exit move to where the other kernel has these members. */
function structModule(ko: KoFile, { structModule: was }: Told, { structModule: is }: Told): Patch[] {
  const section = `.rela${THIS_MODULE}`;
  if (!was || !is || !ko.hasSection(section)) return [];
  const places = new Map([
    [was.init, is.init],
    [was.exit, is.exit],
  ]);
  return Array.from({ length: ko.relaCount(section) }, (_, entry) => entry).flatMap(entry => {
    const place = places.get(ko.rela(section, entry).r_offset);
    return place === undefined || place === null ? [] : [ko.setRela(section, entry, 'r_offset', place)];
  });
}

function withStructSize(bytes: Uint8Array, fixture: string, { structModule: is }: Told): Uint8Array {
  const ko = new KoFile(fixture, bytes);
  const { sh_offset, sh_size } = ko.section(THIS_MODULE);
  if (!is || is.size === sh_size) return bytes;
  const contents = Buffer.alloc(is.size);
  contents.set(bytes.subarray(sh_offset, sh_offset + Math.min(sh_size, is.size)));
  return withContents(ko, THIS_MODULE, contents);
}

/** In its place where there is room; else .modinfo becomes longer. */
function withVermagic(bytes: Uint8Array, fixture: string, vermagic: string): Uint8Array {
  const ko = new KoFile(fixture, bytes);
  const tag = ko.tag('vermagic');
  const entry = `vermagic=${vermagic}`;
  if (vermagic.length <= tag.value.length) return applyRecipe(bytes, { patches: [ko.setModinfo('vermagic', entry)] });
  const { sh_offset, sh_size } = ko.section('.modinfo');
  const own = Buffer.from(bytes.subarray(sh_offset, sh_offset + sh_size));
  own.fill(0, tag.at - sh_offset, tag.at - sh_offset + 'vermagic='.length + tag.value.length);
  return withContents(ko, '.modinfo', Buffer.concat([own, Buffer.from(`${entry}\0`, 'latin1')]));
}

/** The file with other contents of a section, behind everything else. */
function withContents(ko: KoFile, name: string, contents: Uint8Array): Uint8Array {
  const { index, sh_addralign } = ko.section(name);
  const align = Math.max(1, Number(sh_addralign));
  const start = Math.ceil(ko.bytes.length / align) * align;
  return applyRecipe(ko.bytes, {
    patches: [ko.setShdr(index, 'sh_offset', start), ko.setShdr(index, 'sh_size', contents.length)],
    append: '00'.repeat(start - ko.bytes.length) + toHex(contents),
  });
}
