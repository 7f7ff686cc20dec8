// Lines of programs that need a module and miss it, and of what builds, signs and packs modules before they are loaded.
import { row, type ToolRow } from './toolRow';

/** Files of /dev that every machine has, or whose driver the line does not tell. */
const COMMON_DEVICE = String.raw`(?!null|zero|u?random|full|tty\b|tty\d|console|std|fd|pts|shm|mem\b|sd[a-z]|disk|log|mapper)`;
const OPEN = String.raw`(?:[Cc]an(?:not| not|'t)|[Cc]ould(?: not|n't)|[Uu]nable to|[Ff]ailed to|[Ee]rror(?: while)?) open(?:ing)? (?:the )?(?:device |file )*['"\`]?/dev/${COMMON_DEVICE}(?<dev>[\w/-]+)`;
const MODULE = String.raw`['"\`]?(?<what>[\w-]+)['"\`]?`;

export const PROGRAM_ROWS: readonly ToolRow[] = [
  row('Permission', String.raw`${OPEN}.*Permission denied`, 'devicePermission'),
  row(
    'Permission',
    String.raw`(?:Could not access KVM kernel module|failed to initialize [Kk][Vv][Mm]): Permission denied`,
    'devicePermission',
  ),
  ...['sure', 'Ensure', 'ensure'].map(word =>
    row(
      word,
      String.raw`\b(?:[Mm]ake sure|[Ee]nsure) .*\b(?:[Mm]odule ${MODULE}|(?<name>[\w-]+) (?:kernel )?modules?) (?:is|are|has been) (?:loaded|inserted|installed)`,
      'driverMissing',
    ),
  ),
  row('dev', String.raw`${OPEN}['"\`]?(?: or .*)?(?:$|[:.] ?(?:$|No such|Make|Please|[Ee]rror|\())`, 'driverMissing'),
  row('requires', String.raw`\brequires? (?:the )?(?:kernel )?module ${MODULE}`, 'driverMissing'),
  row('dev', String.raw`^No /dev/(?<dev>[\w/-]+)(?: devices?)? (?:exist|found)`, 'driverMissing'),
  ...['module', 'driver'].map(word =>
    row(
      word,
      String.raw`\b(?:[Ff]ailed|[Uu]nable) to load (?:the )?(?!the\b|this\b|kernel\b|module\b)${MODULE} (?:kernel )?${word}\.?$`,
      'driverMissing',
    ),
  ),
  row('modules', String.raw`^Are the ${MODULE} modules loaded\?`, 'driverMissing'),
  row('module', String.raw`^Is the ${MODULE} (?:kernel )?module loaded\?`, 'driverMissing'),
  row('stack', String.raw`Failed to load ${MODULE} module stack`, 'driverMissing'),
  row(
    'manually',
    String.raw`Load the module manually by running '(?:insmod|modprobe) \S*?(?<what>[\w-]+)(?:\.ko)?'`,
    'driverMissing',
  ),
  row('stub', String.raw`Failed to load PCI stub module ${MODULE}`, 'driverMissing'),
  row('failed', String.raw`\b[Ll]oading (?:of )?(?:kernel )?(?:module|driver) ${MODULE} failed\.?$`, 'driverMissing'),
  // VMware's service lists its modules by what they are for.
  ...['monitor', 'interface', 'ethernet', 'Blocking'].map(word =>
    row(
      word,
      String.raw`^(?<what>Virtual machine (?:monitor|communication interface)|VM communication interface socket family|Virtual (?:ethernet|network)|Blocking file system)\s{1,80}failed$`,
      'driverMissing',
    ),
  ),
  ...['vmnet', 'vmmon', 'vmci', 'vsock', 'vmblock'].map(word =>
    row(
      word,
      String.raw`(?:Failed|Unable) to (?:install|build|compile|load) (?:the )?(?<what>${word})\b`,
      'driverMissing',
    ),
  ),
  row('USBIP', String.raw`WSL kernel is not USBIP capable`, 'wslUsb'),
  row('vhci', String.raw`[Ll]oading (?<what>vhci[_-]hcd) failed`, 'wslUsb'),
  // Boot.
  row(
    'dracut',
    String.raw`\bdracut[\w-]*(?:\[\d+\])?: (?:\S+: )?modprobe: FATAL: Module ${MODULE} not found in directory (?<dir>\S+?)\.?$`,
    'initramfsLacks',
  ),
  row('Failed', String.raw`systemd-modules-load(?:\[\d+\])?: Failed to find module ${MODULE}`, 'modulesLoadName'),
  row(
    'killing',
    String.raw`udevd?(?:\[\d+\])?: timeout:? killing '\S*(?:modprobe|insmod) (?:-\S+ )*${MODULE}`,
    'udevTimeout',
  ),
  row('found', String.raw`ERROR: module not found: ?['"\`]?(?<what>[\w-]+)['"\`]?$`, 'notFound'),
  // Builds.
  row('dkms', String.raw`\bdkms: (?:command )?not found$`, 'noDkms'),
  row('sign', String.raw`^(?:\S+/)?sign-file: .*(?:No such file|[Cc]an't|failed)`, 'notSigned'),
  row('private', String.raw`^Can't read private key$`, 'notSigned'),
  row('SSL', String.raw`^-? ?SSL error:\w+:.*(?:fopen|no such file|No such file|unable to load)`, 'notSigned'),
  row('depmod', String.raw`missing '?System\.map'? file\. Skipping depmod`, 'depmodSkipped'),
  row('modinfo', String.raw`could not get modinfo from ${MODULE}: (?<text>.+)$`, 'modinfoFailed'),
  row('html', String.raw`^(?:Length|Länge|Longitud|Длина|长度)[:：] .*\[text/html\]`, 'webPage'),
  row('killed', String.raw`\b(?<tool>modprobe|insmod)['"\`]? (?:is|was|got) killed\b`, 'killed'),
];
