// The table of lines that tools print.
import type { CauseId } from './causes';

export interface ToolRow {
  readonly word: string;
  readonly pattern: RegExp;
  readonly cause: CauseId | null;
}

const row = (word: string, source: string, cause: CauseId | null = null): ToolRow => ({
  word,
  pattern: new RegExp(source),
  cause,
});

const W = String.raw`['"\`]?(?<what>[^'"\`\s]+?)['"\`]?`;
const TEXT = String.raw`(?<text>.+)$`;

const HEADERS = String.raw`(?:[Kk]ernel|KERNEL|[Ll]inux)[- ](?:[Hh]eaders?|source)(?: files?)? .*\b(?:not found|not installed|missing|not be found)`;

/** Those on lists and directories come before the general ones. */
export const TOOL_ROWS: readonly ToolRow[] = [
  row(
    'depmod',
    String.raw`depmod: (?:ERROR|WARNING|FATAL): (?<file>\S+) needs unknown symbol (?<symbol>\S+)`,
    'depmod',
  ),
  row(
    'depmod',
    String.raw`depmod: (?:ERROR|FATAL): (?:could not open directory|[Cc]ould not open) (?<dir>\S*\/(?<version>[^/\s:]+)): `,
    'depmodDirectory',
  ),
  row('depmod', String.raw`depmod: (?:ERROR|FATAL): could not search modules`, 'depmodDirectory'),
  row('depmod', String.raw`depmod: WARNING: could not open`, 'missingTable'),
  row('depmod', String.raw`depmod: ERROR: fstatat\(\d+, (?<file>[^)]+)\): (?<text>.+)$`, 'dangling'),
  row(
    'depmod',
    String.raw`depmod: (?:ERROR|WARNING): (?:Cycle detected|Found \d+ modules in dependency cycles)`,
    'cycle',
  ),
  row(
    'depmod',
    String.raw`depmod: WARNING: (?<file>\S+) disagrees about version of symbol (?<symbol>\S+)`,
    'symbolVersion',
  ),
  row('open', String.raw`could not open builtin file`, 'missingTable'),
  row('moddep', String.raw`could not open moddep file '(?<dir>[^']+?)(?:/modules\.dep\S*)?'`, 'noModulesDirectory'),
  row('directory', String.raw`can't change directory to '(?<dir>[^']+)'`, 'noModulesDirectory'),
  row(
    'modules',
    String.raw`modprobe: (?:FATAL: |ERROR: )?(?:Could not load|[Cc]an't open|could not open) '?(?<dir>\S*modules\.dep)\S*`,
    'noModulesDirectory',
  ),
  row('FATAL', String.raw`FATAL: Could not load (?<dir>\S*modules\.dep)`, 'noModulesDirectory'),
  row('builtin', String.raw`Module ${W} is builtin`, 'builtin'),
  row('found', String.raw`(?:FATAL|ERROR|WARNING): Module (?:alias )?(?<what>/\S+) not found\.?$`, 'dangling'),
  row(
    'found',
    String.raw`(?:FATAL|ERROR|WARNING): Module (?:alias )?${W} not found(?: in directory (?<dir>\S+?))?\.?(?:\\n|["'\`,]|$)`,
    'notFound',
  ),
  row('found', String.raw`module ${W} not found in (?<dir>\S+?)\.?$`, 'notFound'),
  row('found', String.raw`(?:insmod|modprobe|modinfo|rmmod): (?:module )?${W}:? not found\.?$`, 'notFound'),
  row('module', String.raw`[Ff]ailed to find (?:a )?module (?:named )?${W}(?:: .*)?$`, 'notFound'),
  row('module', String.raw`(?:==> |mkinitcpio: )ERROR: module not found: ${W}$`, 'notFound'),
  row('find', String.raw`could not find module by name='(?<what>[^']+)'`, 'notFound'),
  row('path', String.raw`ctx=\S+ path=(?<what>\S+) error=(?<text>No such file.*)$`, 'dangling'),
  row('module', String.raw`LoadWithAliases was unable to load ${W}`, 'notFound'),
  row('in', String.raw`Module ${W} is in use(?: by:? ?(?<users>.*?))?\.?$`, 'inUse'),
  row('unload', String.raw`can't unload(?: module)? ${W}: (?<text>.+)$`, 'inUse'),
  row('remove', String.raw`could not remove (?:module )?${W}: (?<text>.+)$`, 'inUse'),
  row('exist', String.raw`Module ${W} does not exist in /proc/modules`, 'notLoaded'),
  row('currently', String.raw`Module ${W} is not currently loaded`, 'notLoaded'),
  row('generate', String.raw`Cannot generate .*, please install (?<tool>\S+)`, 'buildTool'),
  row(
    'install',
    String.raw`[Pp]lease install (?<tool>libelf-dev|libssl-dev|bc|flex|bison|dwarves|pahole|elfutils-libelf-devel)\b`,
    'buildTool',
  ),
  row(
    'found',
    String.raw`\b(?<tool>(?:gcc|clang|cc|make|ld(?:\.lld)?|bc|flex|bison|pahole|perl|as)(?:-[\d.]+)?): (?:command )?not found$`,
    'buildTool',
  ),
  row('find', String.raw`Unable to find the development tool [\W]?(?<tool>\w+)`, 'buildTool'),
  row('option', String.raw`unrecognized command[- ]line option ['"]?(?<text>-[^\s'"]+)`, 'compilerOption'),
  row('argument', String.raw`clang.*unknown argument: ['"]?(?<text>-[^\s'"]+)`, 'compilerOption'),
  row('EXCLUSIVE', String.raw`BUILD_EXCLUSIVE directive which does not match`, 'dkmsExcluded'),
  row('added', String.raw`^(?<what>[\w-]+)[,/] ?(?<version>[\w.~+-]+): added$`, 'dkmsAdded'),
  row('Bad', String.raw`Bad return status for module build on kernel: (?<version>\S+)`, 'dkms'),
  row('build', String.raw`Module build for kernel (?<version>\S+) was skipped`, 'headers'),
  row(
    'headers',
    String.raw`[Kk]ernel headers for (?:target )?kernel (?<version>\S+) (?:cannot be found|are not)`,
    'headers',
  ),
  row('build', String.raw`/lib/modules/(?<version>[^/\s:]+)/build: (?:No such file|is not)`, 'headers'),
  row(
    'headers',
    String.raw`(?:[Uu]nable to locate package|any package by (?:glob|regex)) '?(?:linux|kernel)-headers-(?<version>[^\s']+)`,
    'headers',
  ),
  row('kernel', String.raw`[Uu]nable to find the kernel source tree`, 'headers'),
  row('headers', HEADERS, 'headers'),
  row('headers', String.raw`[Uu]nable to find (?:the )?[Kk]ernel headers`, 'headers'),
  row('Headers', HEADERS, 'headers'),
  row('source', HEADERS, 'headers'),
  row('configuration', String.raw`Kernel configuration is invalid`, 'unprepared'),
  row('autoconf', String.raw`autoconf\.h or .*auto\.conf are missing`, 'unprepared'),
  row('conf', String.raw`[Cc]ould not locate dkms\.conf`, 'dkmsSource'),
  row('newer', String.raw`Module version \S+ for (?<what>\S+?)(?:\.ko\S*)? .*is not newer than`, 'dkmsOlder'),
  row('newer', String.raw`is not newer than what is already found in kernel (?<version>\S+)`, 'dkmsOlder'),
  row('bad', String.raw`^'?make'? .*\(bad exit status: \d+\)`, 'dkms'),
  row('error', String.raw`^\S+\.[chS]:\d+(?::\d+)?: (?:fatal )?error: (?<text>.+)$`, 'compileError'),
  row('make', String.raw`^(?:g?make)(?:\[\d+\])?: \*\*\* .*\.(?:o|ko|mod)\b.*Error`, 'compileError'),
  row('compiler', String.raw`the compiler differs from the one used to build the kernel`, 'compilerDiffers'),
  row('insmod', String.raw`do you need to insmod\?`, 'featureMissing'),
  row('answers', String.raw`RTNETLINK answers: Operation not supported`, 'featureMissing'),
  row('interface', String.raw`Unable to access interface: Protocol not supported`, 'featureMissing'),
  row('device', String.raw`Error: Unknown device type`, 'featureMissing'),
  row('filesystem', String.raw`unknown filesystem type '(?<what>[^']+)'`, 'featureMissing'),
  row('module', String.raw`(?:kernel )?module ['"]?(?<what>[\w-]+)['"]? is (?:not )?loaded\.?$`, 'featureMissing'),
  row('rc', String.raw`[Kk]ernel driver not installed \(rc=-190\d\)`, 'driverMissing'),
  row('module', String.raw`[Tt]he (?<what>[\w-]+) kernel module is not loaded\b`, 'driverMissing'),
  row('modules', String.raw`^The (?<what>[\w-]+) modules (?:are not loaded|cannot be auto-loaded)`, 'driverMissing'),
  row('communicate', String.raw`couldn't communicate with the (?<what>NVIDIA) driver`, 'driverMissing'),
  row('access', String.raw`Could not access (?<what>KVM) kernel module: No such`, 'driverMissing'),
  row('initialize', String.raw`failed to initialize (?<what>KVM): No such`, 'driverMissing'),
  row('try', String.raw`try 'modprobe (?<what>[\w-]+)' first`, 'featureMissing'),
  row('load', String.raw`iptables\S* .*Couldn't load (?:match|target) ['"\`]?(?<what>\w+)['"]?`, 'featureMissing'),
  row('open', String.raw`[Cc]ould not open /dev/(?<what>vmmon|vmnet\d|vboxdrv|fuse|kvm)`, 'driverMissing'),
  row('Nouveau', String.raw`Nouveau kernel driver is currently in use`, 'deviceTaken'),
  row('appears', String.raw`module '(?<what>[^']+)' appears to already be loaded`, 'driverLoaded'),
  row(
    'signal',
    String.raw`(?:modprobe|insmod) (?:-\S+ )*(?<what>\S+).*\(code=killed, signal=(?:SEGV|KILL|ABRT)\)`,
    'killed',
  ),
  row('fault', String.raw`\b(?:insmod|modprobe) (?:-\S+ )*(?<what>\S+).* Segmentation fault`, 'killed'),
  row('Killed', String.raw`^Killed$`, 'killed'),
  row('config', String.raw`kmod_config_parse(?:\(\))?:? (?<file>\S+) line \d+: ignoring bad line`, 'modprobeConfig'),
  row('akmods', String.raw`[Aa]kmods: .*(?:failed|Failed)`, 'akmods'),
  row('sign', String.raw`You must sign these kernel modules before using`, 'signature'),
  row(
    'running',
    String.raw`Error running install command '(?<text>\S*/(?:false|true))[^']*'? for (?:module )?(?<what>[\w-]+)`,
    'installBlocked',
  ),
  row('satisfy', String.raw`[Cc]annot satisfy the following dependencies for (?<what>kmod-\S+?):?$`, 'feedOfOther'),
  row('install', String.raw`Cannot install package (?<what>kmod-\S+?)\.?$`, 'feedOfOther'),
  row(
    'Running',
    String.raw`Error running (?:install|remove) command '?(?<text>.*?)'? for (?:module )?(?<what>[\w-]+)`,
    'installCommand',
  ),
  row(
    'running',
    String.raw`Error running (?:install|remove) command '?(?<text>.*?)'? for (?:module )?(?<what>[\w-]+)`,
    'installCommand',
  ),
  row('Kernel', String.raw`Failed to start .*Load Kernel Modules`, 'modulesLoad'),
  row(
    'modules',
    String.raw`systemd-modules-load\.service: .*(?:status=1|Failed with result|failed state)`,
    'modulesLoad',
  ),
  row('read', String.raw`failed to read full module (?<what>\S+)`, 'notRead'),
  row(
    'firmware',
    String.raw`Possible missing firmware (?<file>\S+) for (?:built-in driver|module) (?<what>\S+)`,
    'possibleFirmware',
  ),
  row('API', String.raw`API mismatch: the client has the version`, 'versionMix'),
  row('NVML', String.raw`Driver/library version mismatch`, 'versionMix'),
  row(
    'fork',
    String.raw`Running modprobe (?<what>[\w-]+).*fork/exec \S*modprobe: (?:permission denied|operation not permitted)`,
    'modprobeForbidden',
  ),
  row('command', String.raw`(?:insmod|modprobe|depmod|modinfo)[:"']* (?:command )?not found$`, 'noTool'),
  row('command', String.raw`(?:insmod|modprobe|depmod|modinfo): command not found`, 'noTool'),
  row('exec', String.raw`"(?:insmod|modprobe)": executable file not found`, 'noTool'),
  row('load', String.raw`could not load module ${W}: (?<text>No such file.*)$`, 'noFile'),
  row('read', String.raw`(?:insmod|modprobe): can't (?:read|open) ${W}: ${TEXT}`, 'noFile'),
  ...['insmod', 'modprobe'].map(word =>
    row(word, String.raw`\b(?:insmod|modprobe) (?:-\S+ )*(?<what>[\w./-]+) [^:]*[“”„]`, 'curlyQuotes'),
  ),
  // What tells an errno.
  row(
    'insert',
    String.raw`(?:could not insert(?: module)?|can(?:'t|not) insert) ['"\`]?(?<what>[^'"\`]+?)['"\`]?: ${TEXT}`,
  ),
  row('module', String.raw`init_module '?(?<what>[^'\s]+)'? failed \((?<text>[^)]*)\)`),
  row('load', String.raw`(?:insmod|modprobe)(?::?\s*(?:ERROR|FATAL))?: could not load module ${W}: ${TEXT}`),
  row('inserting', String.raw`error inserting '(?<what>[^']+)': -?\d+ ${TEXT}`),
  row('inserting', String.raw`Error inserting (?<what>\S+) \((?<file>[^)]*)\): ${TEXT}`),
  row('load', String.raw`can't load module (?<what>\S+)(?: \((?<file>[^)]*)\)?)?(?:: (?<text>.+))?$`),
  row(
    'load',
    String.raw`(?:insmod|modprobe): (?:failed to load|cannot load|couldn't load|unable to load) ${W}: ${TEXT}`,
  ),
  row('insert', String.raw`[Ff]ailed to insert (?:module )?${W}(?: with args '[^']*')?: ${TEXT}`),
  row('insmod', String.raw`[Ff]ailed to insmod '(?<what>[^']+)'(?: with args '[^']*')?:? ?(?<text>.*)$`),
  row('load', String.raw`Couldn't load (?<what>\S+\.ko\S*): ${TEXT}`),
  row('insmod', String.raw`insmod (?<what>\S+) failed:? ?${TEXT}`),
  row('module', String.raw`finit_module for "?(?<what>[^"\s]+)"? failed: ${TEXT}`),
  row('load', String.raw`[Ff]ailed to load (?:kernel )?module ['"]?(?<what>[^'":\s]+)['"]?(?:: ?(?<text>.+))?$`),
  row('load', String.raw`Unable to load the kernel module '(?<what>[^']+)'(?<text>)`, 'installer'),
  row('modprobe', String.raw`modprobe (?<what>[\w-]+) failed\.? (?:Please use|See|see|Check)(?<text>)`),
  row(
    'insert',
    String.raw`^(?:(?:kmodloader|kmod|insmod|modprobe)\S*: )?failed to insert (?<what>\S+\.ko\S*)(?<text>)$`,
  ),
  row('load', String.raw`Kernel module load error: ${TEXT}`),
  row('load', String.raw`[Ff]ailed to load '?(?<what>[^'\s]+)'? module: ${TEXT}`),
  row('Failed', String.raw`udevd?\S*: Failed to (?:load|insert) module ?['"]?(?<what>[^'":\s]*)['"]?: ${TEXT}`),
  row('load', String.raw`^udevd\S*: (?<what>[\w-]+): failed to load module(?<text>)$`),
  row('probed', String.raw`^kmodloader: \d+ modules? could not be probed(?<text>)$`),
  row('kmodloader', String.raw`kmodloader\S*: - (?<what>\S+) - \d+(?<text>)$`),
  // Loaders of every program: the words are those of the C library, and a file of a module stands before them.
  row('rejected', String.raw`(?<text>Key was rejected by service)`),
  ...['key', 'format', 'permitted', 'symbol'].map(word =>
    row(
      word,
      String.raw`(?<what>[\w./+-]+\.ko(?:\.\w+)?)['"\])]*.*[:(] ?(?<text>Required key not available|Invalid module format|Exec format error|Operation not permitted|Unknown symbol in module)`,
    ),
  ),
];
