// Kernel logs of any length, as machines write them: mostly about other things, or about nothing but modules.

const time = (i: number): string => `[${(i * 0.0123).toFixed(6).padStart(12)}] `;

const NOISE: readonly ((i: number) => string)[] = [
  i => `usb 1-${i % 9}: new high-speed USB device number ${i % 120} using xhci_hcd`,
  i => `pci 0000:00:${(i % 32).toString(16).padStart(2, '0')}.0: [8086:1237] type 00 class 0x060000`,
  i => `EXT4-fs (sda${i % 4}): mounted filesystem with ordered data mode. Quota mode: none.`,
  () => 'systemd[1]: Starting systemd-udevd.service - Rule-based Manager for Device Events and Files...',
  i => `audit: type=1400 audit(1700000000.${i}:${i}): apparmor="STATUS" operation="profile_load" name="p${i}" pid=${i}`,
  i => `docker0: port 1(veth${i.toString(16)}) entered disabled state`,
  i => `r8169 0000:03:00.0 enp3s0: Link is Up - 1Gbps/Full - flow control rx/tx (${i})`,
];

const ABOUT: readonly ((i: number) => string)[] = [
  i => `${time(i)}tun${i % 7}: Unknown symbol skb_${i % 50} (err -2)`,
  i => `${time(i)}tun${i % 7}: disagrees about version of symbol dev_${i % 50}`,
  i => `${time(i)}tun${i % 7}: loading out-of-tree module taints kernel.`,
  i => `${time(i)}tun: version magic '6.1.0-${i % 20} SMP mod_unload' should be '6.1.0-50 SMP mod_unload'`,
  i => `Nov  3 10:11:12 host systemd-modules-load[${i}]: Failed to insert module 'tun${i % 9}': Exec format error`,
  i => `insmod: ERROR: could not insert module tun${i % 6}.ko: Invalid module format`,
];

const of = (rows: readonly ((i: number) => string)[], i: number): string => rows[i % rows.length]?.(i) ?? '';

/** The line with number `i` of each kind of log. */
export const LARGE_LOGS: Readonly<Record<string, (i: number) => string>> = {
  'a kernel log with some lines on modules': i =>
    i % 500 === 3 ? of(ABOUT, Math.floor(i / 500)) : time(i) + of(NOISE, i),
  'a log about modules': i => of(ABOUT, i),
  'a log about different modules': i => `${time(i)}mod_${i}: Unknown symbol needed_${i} (err -2)`,
  'a log about modules of different releases': i =>
    `${time(i)}mod_${i}: version magic '6.1.${i} SMP' should be '6.1.0 SMP'`,
  'a log of modprobe': i => `modprobe: FATAL: Module mod_${i} not found in directory /lib/modules/6.1.${i}`,
  'a log of crashes': i =>
    time(i) +
    (i % 20 === 0
      ? `BUG: unable to handle page fault for address: ffff${i}`
      : ` tun_init+0x${(i % 255).toString(16)}/0x360 [mod_${i}]`),
};

/** A log of so many lines. */
export const largeLog = (kind: string, lines: number): string =>
  Array.from({ length: lines }, (_, i) => LARGE_LOGS[kind]?.(i) ?? '').join('\n');
