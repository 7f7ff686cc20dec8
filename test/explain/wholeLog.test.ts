// Whole pastes: every kind of line is known, the cause is the right one, and nothing contradicts a refusal.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { compareWithLog } from '../../src/explain/compareWithLog';
import { explainLog } from '../../src/explain/explainLog';
import { isOfTool } from '../../src/explain/explained';
import { messageOf } from '../../src/explain/logLine';
import { logText } from '../../src/host/node/tools/logText';
import { english, type Translate } from '../../src/findings/words';
import { repositoryRoot } from '../kernel/lib/paths';
import { LINES } from './lines';

test('lines of tools and kernels lead to their cause', () => {
  for (const [line, cause] of LINES) {
    const { main, unknownLines } = explainLog(line);
    if (cause === 'unknown') assert.equal(unknownLines, 1, line);
    else if (cause === 'no-errno') assert.ok(main && isOfTool(main) && main.errno === null, line);
    else if (typeof cause === 'number') assert.equal(main && isOfTool(main) ? main.errno : null, cause, line);
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
    '11月 07 11:52:13 host kernel: ',
    ' 3月  7 11:52:13 host kernel: [    9.1] ',
    'Thu 2026-11-20 13:52:01 CET host kernel: ',
    '[...] ',
    '# [Fri Nov 20 13:52:01 2026] ',
    '29.10.26 17:00:52 (+0200)  main  ',
    '... ',
    'builder-1  | ',
    '| ',
    'time="2026-11-20T13:52:01Z" level=warning msg="',
  ])
    assert.equal(messageOf(prefix + message), message, prefix);
  for (const text of [
    `\x1b[33m[  1.5] \x1b[0m${message}\r`,
    '[  1.500000] tun: disagrees about version of symbol\n module_layout',
  ])
    assert.equal(explainLog(text).unknownLines, 0, text);
});

test('what pages and programs make of a line is undone', () => {
  const message = 'insmod: ERROR: could not insert module tun.ko: Invalid module format';
  for (const line of [
    'insmod: **ERROR**: could not insert module **tun.ko**: Invalid module format',
    'insmod: ERROR: could not insert module tun.ko:\u00a0Invalid module format',
  ])
    assert.equal(messageOf(line), message);
  const quoted = "tun: version magic '6.6.1 SMP ' should be '6.6.2 SMP '";
  assert.equal(messageOf(quoted.replace(/'(.*?)'/g, '‘$1’')), quoted);
  assert.equal(messageOf(quoted.replaceAll("'", '&#39;')), quoted);
  assert.equal(messageOf('tun: Unknown symbol skb_clone (err −2)'), 'tun: Unknown symbol skb_clone (err -2)');
  // A banner is no word in bold.
  const banner = '**********************************************************';
  assert.equal(messageOf(`[ 1.5] ** ${banner}`), `** ${banner}`);
  // Before the message of a vendor's console stands what logcat adds.
  assert.equal(
    messageOf("11-20 13:52:01.123     1     1 I (6)[1:init]: Command 'insmod /vendor/x.ko' failed"),
    "Command 'insmod /vendor/x.ko' failed",
  );
});

test('a taint is not the reason, the last kernel line is; symbols of a module are one entry', () => {
  const paste = explainLog(
    [
      'tun: loading out-of-tree module taints kernel.',
      'insmod: ERROR: could not insert module tun.ko: Invalid module format',
    ].join('\n'),
  );
  assert.ok(paste.failed && paste.main && isOfTool(paste.main));
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
  const fault = explainLog('$ sudo insmod tun.ko\nSegmentation fault (core dumped)');
  assert.deepEqual([fault.main?.cause, fault.main?.module], ['killed', 'tun']);
  assert.equal(explainLog('$ ./a.out\nSegmentation fault').main, null);
  const crash = explainLog(
    [
      'BUG: unable to handle page fault for address: ffffffff9a4f1b3c',
      ' tun_setup+0x12/0x90 [tun]',
      ' do_init_module+0x67/0x360',
    ].join('\n'),
  );
  assert.deepEqual([crash.main?.cause, crash.main?.module], ['initCrash', 'tun']);
});

test('what stands beside a line decides what it means', () => {
  // A device that another driver has, where the tool tells the errno only.
  const taken = explainLog(
    [
      '-> Kernel module load error: No such device',
      '[ 7.1] NVRM: The NVIDIA probe routine was not called for 2 device(s).',
    ].join('\n'),
  );
  assert.equal(taken.main?.cause, 'deviceTaken');
  const ports = explainLog(
    [
      "modprobe: ERROR: could not insert 'nct6775': Device or resource busy",
      '[ 9.9] ACPI: If an ACPI driver is available for this device, you should use it instead of the native driver',
    ].join('\n'),
  );
  assert.equal(ports.main?.cause, 'acpiConflict');
  const blocked = explainLog(
    [
      "modprobe: ERROR: ../libkmod/libkmod-module.c:990 command_do() Error running install command '/bin/false' for module dccp: retcode 1",
      "modprobe: ERROR: could not insert 'dccp': Invalid argument",
    ].join('\n'),
  );
  assert.equal(blocked.main?.cause, 'installBlocked');
  // Type data that does not fit, of other modules: the same refused this one.
  const types = explainLog(
    "failed to validate module [veth] BTF: -22\nmodprobe: ERROR: could not insert 'bonding': Invalid argument",
  );
  assert.deepEqual([types.main?.cause, types.failed], ['btf', true]);
  // A module without headers was never built, so it is not found.
  const headers = explainLog(
    [
      'modprobe: FATAL: Module vpn_x not found in directory /lib/modules/6.1.0-9',
      'Module build for kernel 6.1.0-9 was skipped since the',
    ].join('\n'),
  );
  assert.equal(headers.main?.cause, 'headers');
  const added = explainLog('modprobe: FATAL: Module vpn_x not found.\n\nvpn_x, 2.1: added');
  assert.match(added.main?.advice?.command ?? '', /dkms install vpn_x\/2\.1/);
  // A script unloads what is not there before it builds; why the build stops is what counts.
  const stopped = explainLog(
    [
      'rmmod: ERROR: Module vpn_x is not currently loaded',
      'Error! Bad return status for module build on kernel: 6.1.0-9 (x86_64)',
      'scripts/gcc-version.sh: 26: gcc-13: not found',
    ].join('\n'),
  );
  assert.equal(stopped.main?.cause, 'buildTool');
  // A line that a tool printed is no command that crashed.
  const fault = explainLog("insmod: can't insert 'a.ko': Operation not permitted\nSegmentation fault");
  assert.deepEqual([fault.tools.length, fault.unknownLines], [1, 1]);
  // modprobe looks for dependencies itself: to use it is no advice then.
  const named = explainLog(
    [
      'vpn_x: Unknown symbol weird_helper (err -2)',
      "modprobe: can't load module vpn_x (extra/vpn_x.ko): unknown symbol in module, or unknown parameter",
    ].join('\n'),
  );
  assert.deepEqual([named.main?.cause, named.main?.module], ['symbolAfterModprobe', 'vpn_x']);
  const provider = explainLog(
    [
      'wl_x: Unknown symbol cfg80211_scan_done (err -2)',
      "modprobe: ERROR: could not insert 'wl_x': Unknown symbol in module, or unknown parameter (see dmesg)",
    ].join('\n'),
  );
  assert.match(provider.main?.advice?.why ?? '', /cfg80211 usually exports it/);
  // Where the commonest symbols are missing, so is the table; the others are one entry with them.
  const build = explainLog(
    [
      'ERROR: modpost: "usb_get_intf" [/src/pad.ko] undefined!',
      'ERROR: modpost: "memset" [/src/pad.ko] undefined!',
    ].join('\n'),
  );
  assert.deepEqual(
    build.entries.map(({ cause, lines }) => [cause, lines.length]),
    [['modpostAll', 2]],
  );
  const trimmed = explainLog(
    ['ERROR: modpost: "odd_one" [/src/pad.ko] undefined!', 'ERROR: modpost: "filp_open" [/src/pad.ko] undefined!'].join(
      '\n',
    ),
  );
  assert.match(trimmed.main?.advice?.apart ?? '', /CONFIG_TRIM_UNUSED_KSYMS/);
  // Words behind a # are parameters to modprobe.
  const comment = explainLog("swap_x: unknown parameter '#9' ignored").main?.advice;
  assert.match(comment?.why ?? '', /comment/);
  // What a warning is about says more than the warning.
  const warned = explainLog(
    [
      'WARNING: CPU: 0 PID: 14 at fs/sysfs/dir.c:31 sysfs_warn_dup+0x62/0x80',
      "sysfs: cannot create duplicate filename '/class/vpn_x'",
    ].join('\n'),
  );
  assert.equal(warned.main?.cause, 'sysfs');
  // udev loads modules as well; the trace names the place.
  const crash = explainLog(
    [
      'BUG: kernel NULL pointer dereference, address: 0000000000000fa8',
      'CPU: 1 PID: 400 Comm: (udev-worker) Tainted: G           O      6.6.1 #1',
      'RIP: 0010:gpu_log_init+0x6/0xd0 [gpu_x]',
    ].join('\n'),
  );
  assert.deepEqual([crash.main?.cause, crash.main?.module, crash.unknownLines], ['loadCrash', 'gpu_x', 0]);
  assert.match(crash.main?.advice?.command ?? '', /faddr2line gpu_x\.ko gpu_log_init\+0x6\/0xd0/);
  // One that waited for another says so once.
  const waited = explainLog(
    [
      'hid_sensor_x: gave up waiting for init of module hid_sensor_hub.',
      'hid_sensor_x: Unknown symbol sensor_hub_register_callback (err -16)',
    ].join('\n'),
  );
  assert.deepEqual(
    waited.entries.map(({ cause, lines }) => [cause, lines.length]),
    [['waiting', 2]],
  );
  assert.match(waited.main?.advice?.why ?? '', /hid_sensor_hub/);
  // A license hides symbols of the kernel, but not what the compiler called.
  const license = "vpn_x: module license 'Proprietary' taints kernel.\n";
  const hidden = explainLog(`${license}vpn_x: Unknown symbol weird_helper (err -2)`).main?.advice;
  assert.match(hidden?.why ?? '', /license/);
  assert.match(hidden?.command ?? '', /grep -w weird_helper/);
  const compiled = explainLog(`${license}vpn_x: Unknown symbol __x86_return_thunk (err -2)`).main?.advice;
  assert.doesNotMatch(compiled?.apart ?? '', /license/);
  // The owner of an Android phone has no mokutil.
  const android = explainLog(
    "init: Failed to insmod '/vendor_dlkm/lib/modules/touch.ko' with args '': Required key not available",
  );
  assert.doesNotMatch(android.main?.advice?.command ?? '', /mokutil/);
});

test('the driver itself says why its init gave up, and a paste says more than the tool knows', () => {
  const own = explainLog(
    [
      '[ 7.1] pad_x: loading out-of-tree module taints kernel.',
      '[ 7.2] pad-x: no controller answers on port 0x60',
      "modprobe: ERROR: could not insert 'pad_x': No such device",
    ].join('\n'),
  );
  assert.match(own.main?.advice?.why ?? '', /itself said: pad-x: no controller answers on port 0x60$/);
  const probe = explainLog('pad_x spi0.1: no answer, wrong wiring?\npad_x: probe of spi0.1 failed with error -110');
  assert.match(probe.main?.advice?.why ?? '', /wrong wiring\?$/);
  // Another driver's lines, and what the kernel says of every module, are none of its words.
  const others = explainLog("other: hello\nmodprobe: ERROR: could not insert 'pad_x': No such device");
  assert.doesNotMatch(others.main?.advice?.why ?? '', /itself said/);
  // Other parts of the kernel name it by a part of its name.
  const part = explainLog(
    'FOO: ledger does not implement its ops\ninsmod: ERROR: could not insert module foo_ledger.ko: Invalid parameters',
  );
  assert.match(part.main?.advice?.why ?? '', /does not implement/);
  const missing = 'modprobe: FATAL: Module pad-x not found in directory /lib/modules/6.6.1';
  assert.equal(explainLog(`> /lib/modules/6.6.1/extra/pad-x.ko.xz\n${missing}`).main?.cause, 'fileNotListed');
  assert.equal(explainLog(`rtlpad-x/1.2, 6.6.1, x86_64: installed\n${missing}`).main?.cause, 'otherName');
  assert.equal(explainLog(`other/1.2, 6.6.1, x86_64: installed\n${missing}`).main?.cause, 'notFound');
});

test('a program that misses a driver says less than the tool that loads it', () => {
  const refused = explainLog(
    "The ABC modules are not loaded.\nmodprobe: ERROR: could not insert 'abc': Key was rejected by service",
  );
  assert.ok(refused.main && isOfTool(refused.main) && refused.main.errno === 129);
  // Kernels that name no module with a version: the line on the symbol names it.
  const version = explainLog('no symbol version for odd_helper\npad_x: Unknown symbol odd_helper (err -22)');
  assert.deepEqual([version.main?.cause, version.main?.module], ['noSymbolVersion', 'pad_x']);
  // Code that the kernel patches while it loads a module.
  const loader = explainLog(
    'BUG: unable to handle page fault for address: ffff8880\nRIP: 0010:apply_alternatives+0x104/0x150',
  );
  assert.equal(loader.main?.cause, 'loaderCrash');
  const bold = explainLog(
    '**_pad_x: disagrees about version of symbol odd_helper\npad_x: Unknown symbol odd_helper (err -22)__**',
  );
  assert.deepEqual(
    bold.entries.map(({ module, lines }) => [module, lines.length]),
    [['pad_x', 2]],
  );
});

test('a module is built where its system builds modules', () => {
  const magic = "uvc_x: version magic '5.4.0-55-generic SMP ' should be '";
  for (const [lines, command] of [
    [`${magic}5.15.90.1-microsoft-standard-WSL2 SMP '`, /WSL2-Linux-Kernel/],
    [
      `${magic}5.4.2 SMP '\ninit: Failed to insmod '/lib/modules/uvc_x.ko' with args '': Exec format error`,
      /proc\/version/,
    ],
    [`kmodloader: loading kernel modules from /etc/modules.d/*\n${magic}5.15.1 SMP '`, /openwrt_release/],
    [`$ uname -a\nLinux nas 4.4.59+ synology_v1000\n${magic}4.4.59+ SMP '`, /VERSION/],
    [`chronos@localhost / $ modprobe uvc_x\n${magic}4.14.214 SMP '`, /modinfo/],
    [`${magic}6.1.0 SMP '`, /\/build M=/],
  ] as const)
    assert.match(explainLog(lines).main?.advice?.command ?? '', command, lines);
  const missing = explainLog(
    "modprobe: ERROR: ../libkmod/libkmod.c:586 kmod_search_moddep() could not open moddep file '/lib/modules/4.19.1-microsoft-standard/modules.dep.bin'",
  );
  assert.match(missing.main?.advice?.why ?? '', /WSL/);
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
const LOADS =
  /\b(?:would load|will load|loads(?! only)|(?:was|is|has been) loaded(?! yet| already)|loaded successfully)\b/;

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

test('what is said of every line has a translation', () => {
  for (const language of ['zh-cn', 'zh-tw']) {
    const file = path.join(repositoryRoot(), 'l10n', `bundle.l10n.${language}.json`);
    const words = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    const translated: Translate = (template, ...values) => {
      assert.ok(words[template], `${language}: ${template}`);
      return english(words[template], ...values);
    };
    for (const [line] of LINES) {
      const { main } = explainLog(line, translated);
      if (main?.advice) assert.match(main.advice.why, /\p{Script=Han}/u, line);
    }
  }
});
