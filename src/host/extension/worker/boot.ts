// Loads a module on a real kernel for the editor, and passes on each line of the console as it is printed.
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { bootModule, debugModule, type BootRequest } from '../../node/boot/bootModule';
import { findProgram } from '../../node/boot/qemu';
import { readModule } from '../../node/decompress';
import { openChoice } from '../../node/openChoice';
import type { Arch } from '../../../target/types';
import type { BootEditorAnswer, BootEditorRequest } from '../../../protocol/boot';
import { t } from '../model/l10n';
import type { RunningRequest } from './running';

/** Seconds that loading or removing a module may take. */
const TIMEOUT = 60;

export async function boot(asked: BootEditorRequest, { signal, tell }: RunningRequest): Promise<BootEditorAnswer> {
  const request = await requestOf(asked);
  let needs = { loaded: [] as readonly string[], absent: [] as readonly string[] };
  const report = await bootModule(request, {
    timeout: TIMEOUT,
    accelerator: 'auto',
    signal,
    t,
    onLine: text => tell({ kind: 'console', text }),
    told: (loaded, absent) => (needs = { loaded, absent }),
  });
  const { bytes } = request.file;
  return { report, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, ...needs };
}

export async function debugBoot(asked: BootEditorRequest, { signal, tell }: RunningRequest): Promise<null> {
  const request = await requestOf(asked);
  const port = await freePort();
  await debugModule(request, {
    timeout: TIMEOUT,
    signal,
    port,
    onLine: text => tell({ kind: 'console', text }),
    ready: script => tell({ kind: 'debugger', script, port, gdb: findGdb(request.facts.arch) }),
  });
  return null;
}

async function requestOf({ request, target, image, qemu }: BootEditorRequest): Promise<BootRequest> {
  const { path, args, cmdline, loaded } = request;
  return {
    file: { path, bytes: (await readModule(path)).bytes },
    facts: await openChoice(target),
    target,
    args: Buffer.from(args).toString('latin1'),
    flags: 0,
    syscall: 'finit_module',
    cmdline,
    loaded,
    image,
    qemu,
    keep: false,
  };
}

/** By architecture, Node's name for a machine that runs it itself. */
const OWN: Readonly<Partial<Record<Arch, NodeJS.Architecture>>> = { x86_64: 'x64', arm64: 'arm64', i386: 'x64' };

/** A gdb on PATH that knows the architecture; null for none. */
function findGdb(arch: Arch): string | null {
  const isOwn = OWN[arch] === process.arch;
  return findProgram(isOwn ? ['gdb', 'gdb-multiarch'] : ['gdb-multiarch']);
}

/** A port of this machine that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
