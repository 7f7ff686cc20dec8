// Whole pastes: every kind of line is known, the cause is the right one, and nothing contradicts a refusal.
import assert from 'node:assert/strict';
import test from 'node:test';
import { compareWithLog } from '../../src/explain/compareWithLog';
import { explainLog } from '../../src/explain/explainLog';
import { messageOf } from '../../src/explain/logLine';
import { logText } from '../../src/host/node/tools/logText';

/** A line with the cause it is, or with the errno of a tool's line. */
const LINES: readonly (readonly [line: string, cause: string | number])[] = [
  ['nv_drm: Unknown symbol drm_open (err 0)', 'symbolMissing'],
  ['wl: Unknown symbol cfg80211_scan_done', 'symbolMissing'],
  ['wl: Unknown symbol cfg80211_scan_done (err -22)', 'symbolRejected'],
  ['vendor_gpu: Unknown symbol dma_heap_add (err -13)', 'symbolProtected'],
  ['wl: Unknown symbol __x86_return_thunk (err -2)', 'compilerSymbol'],
  ['spi_x: Unknown relocation type 51', 'relocation'],
  ['spi_x: unknown relocation: 102', 'relocation'],
  ['module eth_y: unsupported RELA relocation: 275', 'relocation'],
  ['eth_y: target ffffffe000044440 can not be addressed by the 32-bit offset from PC = 00000000aa64b5db', 'relocation'],
  ["eth_y: The unexpected relocation type 'R_RISCV_ALIGN' from PC = 00000000aa64b5db", 'relocation'],
  ['modprobe: FATAL: Module wireguard not found in directory /lib/modules/5.15.0-91-generic', 'notFound'],
  ["systemd-modules-load[212]: Failed to insert module 'vboxdrv': Key was rejected by service", 129],
  ["systemd-modules-load[212]: Failed to find module 'vboxdrv'", 'notFound'],
  ["init: Failed to insmod '/vendor/lib/modules/wlan.ko' with args 'x=1': No such file or directory", 2],
  ['insmod: failed to load eth_y.ko: Exec format error', 8],
  ["insmod: error inserting 'eth_y.ko': -1 File exists", 17],
  ['FATAL: Error inserting eth_y (/lib/modules/2.6.32/eth_y.ko): Operation not permitted', 1],
  ["modprobe: can't load module tun (kernel/drivers/net/tun.ko): invalid module format", 8],
  ["modprobe: can't change directory to '5.4.0': No such file or directory", 'noModulesDirectory'],
  ['modprobe: module tun not found in modules.dep', 'notFound'],
  ['modinfo: ERROR: Module tun not found.', 'notFound'],
  ['depmod: ERROR: could not open directory /lib/modules/5.4.0: No such file or directory', 'depmodDirectory'],
  ['depmod: WARNING: /lib/modules/5.4.0/extra/tun.ko needs unknown symbol skb_clone', 'depmod'],
  [
    'audit: avc:  denied  { module_load } for pid=9 comm="modprobe" path="/x/t.ko" tclass=system permissive=0',
    'selinux',
  ],
  ['audit: avc:  denied  { module_load } for pid=9 comm="modprobe" tclass=system permissive=1', 'selinuxPermissive'],
  ["Request for unknown module key 'Fedora kernel key: 77aa' err -11", 'oldKey'],
  ['CFI failure at do_one_initcall+0x10/0x30 (target: init_module+0x0/0xff8 [tun]; expected type: 0x36b1c5a6)', 'cfi'],
  ['Unpatched return thunk in use. This should not happen!', 'thunk'],
  ['INFO: task insmod:77 blocked for more than 245 seconds.', 'hung'],
  ['LoadPin: kernel-module pinning-ignored', 'unknown'],
  ['LoadPin: kernel-module denied obj="/mnt/t.ko" pid=9 cmdline="modprobe t"', 'loadpin'],
  ['Internal error: Oops - BTI: 0000000034000001 [#1] PREEMPT SMP', 'bti'],
  ['failed to validate module [tun] BTF: -22', 'btf'],
  ["tun: version magic '6.6.1 SMP RANDSTRUCT_12' should be '6.6.1 SMP RANDSTRUCT_34'", 'randstruct'],
  ["tun: version magic '6.6.1 SMP ' should be '6.6.2 SMP '", 'vermagic'],
  ['Module len 4096 truncated', 'file'],
  ['No module found in object', 'file'],
  ['tun: gave up waiting for init of module ipv6.', 'waiting'],
  ['Symbol sys_old is marked as UNUSED, however this module is using it.', 'symbolUnused'],
  ['initcall tun_setup+0x0/0x90 [tun] returned -16 after 4 usecs', 'initFailed'],
  ['calling  tun_setup+0x0/0x90 [tun] @ 400', 'initCalled'],
  ['rmmod: ERROR: Module tun is in use by: vpn', 'inUse'],
  ['ERROR: modpost: "skb_clone" [/src/tun.ko] undefined!', 'modpost'],
  ['tun: module_layout: kernel tainted.', 'forced'],
  ['traps: Missing ENDBR: tun_open+0x0/0x40 [tun]', 'endbr'],
  ['vmap allocation for size 4096 failed: use vmalloc=<size> to increase size.', 'memory'],
  ["sys_init_module: 'tun'->init suspiciously returned 5, it should follow 0/-E convention", 'initPositive'],
  ['tun: module uses symbol kvm_get from namespace module:kvm,kvm-amd, but does not import it.', 'namespaceRestricted'],
  ['tun: disagrees about version of symbol module_layout', 'layout'],
  ['insmod: ERROR: could not insert module tun.ko: Permission denied', 13],
  ["modprobe: ERROR: could not insert 'tun': Function not implemented", 38],
];

test('lines of tools and kernels lead to their cause', () => {
  for (const [line, cause] of LINES) {
    const { main, unknownLines } = explainLog(line);
    if (cause === 'unknown') assert.equal(unknownLines, 1, line);
    else if (typeof cause === 'number') assert.equal(main && 'line' in main ? main.errno : null, cause, line);
    else assert.equal(main?.cause, cause, line);
  }
});

test('consoles and system logs are read', () => {
  const message = 'tun: Unknown symbol skb_clone (err -2)';
  for (const prefix of [
    '[Nov20 13:52] ',
    '[  +0.000012] ',
    '[  +0,000012] ',
    'kern  :warn  : [  +0,000002] ',
    '2026-11-20T13:52:01,123456+01:00 ',
    '2026-11-20T13:52:01+0100 host kernel: ',
    '[Fr Nov 20 13:52:01 2026] ',
    'Sat Mar  7 11:52:13 2020 kern.warn kernel: [  227.1] ',
    'März 07 11:52:13 host kernel: ',
    '7 févr. 11:52:13 host kernel: ',
    'kern.alert: ',
    '11-20 13:52:01.123     0     0 W ',
    '<4>[   12.345678]  (0)[4410:insmod]',
    '[   12.345678] [4:      insmod: 1234] ',
    '[   12.345678@3] ',
  ])
    assert.equal(messageOf(prefix + message), message, prefix);
  for (const text of [
    `\x1b[33m[  1.5] \x1b[0m${message}\r`,
    '[  1.500000] tun: disagrees about version of symbol\n module_layout',
  ])
    assert.equal(explainLog(text).unknownLines, 0, text);
});

test('a taint is not the reason, the last kernel line is; symbols of a module are one entry', () => {
  const paste = explainLog(
    [
      'tun: loading out-of-tree module taints kernel.',
      'insmod: ERROR: could not insert module tun.ko: Invalid module format',
    ].join('\n'),
  );
  assert.ok(paste.failed && paste.main && 'line' in paste.main);
  const symbols = Array.from({ length: 15 }, (_, i) => `tun: Unknown symbol skb_${i} (err -2)`);
  const { entries } = explainLog(symbols.join('\n'));
  assert.deepEqual(
    entries.map(entry => entry.symbols.length),
    [15],
  );
  const namespace = explainLog(
    [
      'tun: Unknown symbol dma_x (err -22)',
      'tun: module uses symbol (dma_x) from namespace DMA_BUF, but does not import it.',
    ].join('\n'),
  );
  assert.deepEqual(
    namespace.entries.map(({ cause, lines }) => [cause, lines.length]),
    [['namespace', 2]],
  );
  const crash = explainLog(
    [
      'BUG: unable to handle page fault for address: ffffffff9a4f1b3c',
      ' tun_setup+0x12/0x90 [tun]',
      ' do_init_module+0x67/0x360',
    ].join('\n'),
  );
  assert.deepEqual([crash.main?.cause, crash.main?.module], ['initCrash', 'tun']);
});

test('a simulation reproduces a log or differs from it', () => {
  const log = explainLog(
    'tun: Unknown symbol skb_clone (err -2)\ninsmod: ERROR: could not insert module tun.ko: Unknown symbol in module',
  );
  const module = { name: 'tun' };
  const line = { level: 4, text: 'tun: Unknown symbol skb_clone (err -2)' };
  assert.equal(compareWithLog(log, { module, errno: 2, log: [line] }).outcome, 'reproduced');
  assert.equal(compareWithLog(log, { module, errno: 8, log: [] }).outcome, 'differs');
  const tool = explainLog('insmod: ERROR: could not insert module tun.ko: Unknown symbol in module');
  assert.equal(compareWithLog(tool, { module, errno: 2, log: [line] }).outcome, 'nothing-to-compare');
});

/** A generator with a seed: a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

/** What would say that a module works. */
const LOADS = /\b(?:would load|will load|loads|(?:was|is|has been) loaded(?! yet| already)|loaded successfully)\b/;

test('shuffled, cut and mixed logs: no exception, and no word that a module loads when a line refuses it', () => {
  const next = random(18);
  const taints = [
    'tun: loading out-of-tree module taints kernel.',
    "tun: module license 'X' taints kernel.",
    'usb 1-1: new device',
    "tun: unknown parameter 'a' ignored",
  ];
  let refusals = 0;
  for (let run = 0; run < 400; run++) {
    const lines = [...LINES.map(([line]) => line), ...taints].filter(() => next() < 0.15).sort(() => next() - 0.5);
    const text = lines
      .map(line => (next() < 0.1 ? line.slice(0, next() * line.length) : line))
      .join(next() < 0.1 ? '\r' : '\n');
    const explained = explainLog(text);
    const said = logText(text, { page: () => null }).replace(/```[\s\S]*?```/g, '');
    if (!explained.failed) continue;
    refusals++;
    assert.doesNotMatch(said, LOADS, text);
    const { main } = explained;
    assert.ok(main?.effect === 'refused' || main?.effect === 'crashed', text);
  }
  assert.ok(refusals > 100);
});
