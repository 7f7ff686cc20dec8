// The file header, truncation, and things that are not ELF at all (elf_validity_check / elf_validity_cache_copy).
import type { EhdrField } from '../lib/koFile';
import { insmod, mutant, reshaped, testCase, type Kit, type Topic } from './kit';

const HEADER_VALUES: Readonly<Partial<Record<EhdrField, readonly (number | bigint)[]>>> = {
  e_ident: [0, 0x464c457e, 0x46004c7f],
  ei_class: [0, 1, 3, 255],
  ei_data: [0, 2, 255],
  ei_version: [0, 2],
  ei_osabi: [3, 255],
  e_type: [0, 2, 3, 4, 0xff00, 0xffff],
  e_machine: [0, 3, 6, 40, 183, 243, 0xffff],
  e_version: [0, 2],
  e_entry: [1, 0xffffffffffffffffn],
  e_phoff: [64, 0xffffffffffffffffn],
  e_flags: [1, 0xffffffff],
  e_ehsize: [0, 52, 0xffff],
  e_phentsize: [0, 0xffff],
  e_phnum: [1, 0xffff],
  e_shentsize: [0, 40, 63, 65, 128, 0xffff],
  e_shoff: [0xffffffffffffffffn, 0x7fffffffffffffffn, 0x100000000n],
  e_shnum: [0, 1, 0xffff],
  e_shstrndx: [0, 1, 0xff00, 0xfff1, 0xffff],
};

function fields(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  return Object.entries(HEADER_VALUES).flatMap(([field, values]) =>
    values.map(value =>
      mutant(`elf-header/${field}/0x${value.toString(16)}`, ko, [ko.setEhdr(field as EhdrField, value)]),
    ),
  );
}

/** The numbers that depend on the file: one section too many, the table one byte too far, and so on. */
function relative(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const count = ko.sections.length;
  const shoff = ko.bytes.length - count * 64;
  const set = (field: EhdrField, value: number, name: string): ReturnType<typeof mutant> =>
    mutant(`elf-header/${field}/${name}`, ko, [ko.setEhdr(field, value)]);
  return [
    set('e_shnum', count + 1, 'one-more'),
    set('e_shstrndx', count, 'count'),
    set('e_shstrndx', count + 1, 'past-count'),
    set('e_shstrndx', ko.section('.strtab').index, 'strtab'),
    set('e_shstrndx', ko.section('.text').index, 'text'),
    set('e_shoff', shoff + 1, 'one-further'),
    set('e_shoff', ko.bytes.length, 'end'),
    set('e_shoff', ko.bytes.length + 1, 'past-end'),
    set('e_shoff', ko.bytes.length - 64, 'last'),
  ];
}

function truncations(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const random = kit.seeded(61);
  const lengths = [
    1,
    3,
    4,
    16,
    51,
    52,
    63,
    64,
    65,
    128,
    ko.bytes.length - 1,
    ko.bytes.length - 63,
    ko.bytes.length - 64,
  ];
  for (let i = 0; i < 12; i++) lengths.push(random(ko.bytes.length));
  return [...new Set(lengths)].map(truncate => reshaped(`truncated/${truncate}`, ko, { truncate }));
}

function notElf(kit: Kit): ReturnType<Topic> {
  const ko = kit.ko('minimal');
  const text = (content: string): { truncate: 0; append: string } => ({
    truncate: 0,
    append: Buffer.from(content).toString('hex'),
  });
  const cut = (truncate: number): ReturnType<typeof insmod> =>
    insmod(ko.module([], { truncate }), { syscall: 'init_module' });
  return [
    reshaped('not-elf/empty', ko, { truncate: 0 }),
    reshaped('not-elf/text', ko, text('not a module\n')),
    reshaped('not-elf/long-text', ko, text('this is not a kernel module\n'.repeat(20))),
    reshaped('not-elf/zeros', ko, { truncate: 0, append: '00'.repeat(4096) }),
    reshaped('not-elf/script', ko, text(`#!/bin/sh\n${'#'.repeat(100)}\n`)),
    reshaped('appended/zeros', ko, { append: '00'.repeat(100) }),
    reshaped('appended/one-byte', ko, { append: 'ff' }),
    ...[0, 1, 63, 64, 65, 1000].map(length => testCase(`init_module/truncated/${length}`, cut(length))),
    testCase('init_module/whole', insmod('minimal', { syscall: 'init_module' })),
  ];
}

export const elfHeader: Topic = kit => [...fields(kit), ...relative(kit), ...truncations(kit), ...notElf(kit)];
