// Signature trailers (mod_check_sig, module_sig_check). None verifies: the kernel's key is not ours.
import { insmod, testCase, type Kit, type Topic } from './kit';

const MARKER = Buffer.from('~Module signature appended~\n').toString('hex');

interface Trailer {
  readonly algo?: number;
  readonly hash?: number;
  readonly idType?: number;
  readonly signerLen?: number;
  readonly keyIdLen?: number;
  readonly pad?: number;
  readonly sigLen?: number;
}

/** `blob`, struct module_signature and the marker, as hexadecimal text. */
function trailer(blob: string, fields: Trailer = {}): string {
  const info = Buffer.alloc(12);
  info.set([
    fields.algo ?? 0,
    fields.hash ?? 0,
    fields.idType ?? 2,
    fields.signerLen ?? 0,
    fields.keyIdLen ?? 0,
    fields.pad ?? 0,
  ]);
  info.writeUInt32BE(fields.sigLen ?? blob.length / 2, 8);
  return blob + info.toString('hex') + MARKER;
}

const GARBAGE = '3082010a'.padEnd(128, '5a');

const TRAILERS: Readonly<Record<string, string>> = {
  'marker-only': MARKER,
  'marker-and-byte': `${MARKER}00`,
  'marker-without-newline': MARKER.slice(0, -2),
  'marker-twice': MARKER + MARKER,
  garbage: trailer(GARBAGE),
  'empty-blob': trailer(''),
  algo: trailer(GARBAGE, { algo: 1 }),
  hash: trailer(GARBAGE, { hash: 4 }),
  'id-type-0': trailer(GARBAGE, { idType: 0 }),
  'id-type-1': trailer(GARBAGE, { idType: 1 }),
  'id-type-3': trailer(GARBAGE, { idType: 3 }),
  'signer-len': trailer(GARBAGE, { signerLen: 1 }),
  'key-id-len': trailer(GARBAGE, { keyIdLen: 1 }),
  pad: trailer(GARBAGE, { pad: 1 }),
  'id-type-and-algo': trailer(GARBAGE, { idType: 1, algo: 1 }),
  'too-long': trailer(GARBAGE, { sigLen: 0xffffffff }),
  'longer-than-file': trailer(GARBAGE, { sigLen: 1_000_000 }),
  'shorter-than-blob': trailer(GARBAGE, { sigLen: 10 }),
  'one-byte': trailer('30'),
  'der-null': trailer('0500'),
  'der-sequence-empty': trailer('3000'),
};

export const signatures: Topic = (kit: Kit) => {
  const ko = kit.ko('minimal');
  const loaded = Object.entries(TRAILERS).map(([name, append]) =>
    testCase(`signatures/${name}`, insmod(ko.module([], { append }))),
  );
  const exact = ko.bytes.length;
  return [
    ...loaded,
    testCase('signatures/unsigned', insmod('minimal')),
    testCase('signatures/whole-file-claimed', insmod(ko.module([], { append: trailer('', { sigLen: exact }) }))),
    testCase('signatures/whole-file-but-one', insmod(ko.module([], { append: trailer('', { sigLen: exact - 1 }) }))),
    testCase('signatures/marker-alone-in-file', insmod(ko.module([], { truncate: 0, append: MARKER }))),
    testCase('signatures/trailer-alone-in-file', insmod(ko.module([], { truncate: 0, append: trailer('') }))),
    testCase('signatures/one-byte-and-marker', insmod(ko.module([], { truncate: 1, append: MARKER }))),
    testCase('signatures/ignored-by-flag-1', insmod(ko.module([], { append: trailer(GARBAGE) }), { flags: 1 })),
    testCase('signatures/ignored-by-flag-2', insmod(ko.module([], { append: MARKER }), { flags: 2 })),
    testCase('signatures/init_module', insmod(ko.module([], { append: MARKER }), { syscall: 'init_module' })),
  ];
};
