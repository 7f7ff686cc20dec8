// How a debugger is started on the kernel that waits for one: by an installed extension for C, or in a terminal.

export interface Waiting {
  /** Name of the module. */
  readonly module: string;
  readonly modulePath: string;
  /** Lines for gdb. */
  readonly script: string;
  readonly port: number;
  readonly gdb: string;
}

/** A configuration for `vscode.debug.startDebugging()`. */
export interface Launch {
  readonly type: string;
  readonly request: 'launch' | 'attach';
  readonly name: string;
  readonly [key: string]: unknown;
}

/** Extensions that can drive gdb, the one to prefer first. */
const KNOWN: readonly { readonly extension: string; readonly launch: (waiting: Waiting) => Omit<Launch, 'name'> }[] = [
  // C/C++ of Microsoft: its own commands that load the program and run it are replaced.
  {
    extension: 'ms-vscode.cpptools',
    launch: ({ modulePath, script, gdb }) => ({
      type: 'cppdbg',
      request: 'launch',
      program: modulePath,
      cwd: directoryOf(modulePath),
      MIMode: 'gdb',
      miDebuggerPath: gdb,
      customLaunchSetupCommands: commandsOf(script)
        .filter(line => line !== 'continue')
        .map(text => ({ text, ignoreFailures: false })),
      launchCompleteCommand: 'exec-continue',
    }),
  },
  // Native Debug connects by itself.
  {
    extension: 'webfreak.debug',
    launch: ({ modulePath, script, gdb, port }) => ({
      type: 'gdb',
      request: 'attach',
      executable: '',
      target: `127.0.0.1:${port}`,
      remote: true,
      stopAtConnect: true,
      cwd: directoryOf(modulePath),
      gdbpath: gdb,
      autorun: commandsOf(script).filter(line => !line.startsWith('target remote')),
    }),
  },
];

/** Null where no extension that can is installed. */
export function launchWith(isInstalled: (extension: string) => boolean, name: string, waiting: Waiting): Launch | null {
  const found = KNOWN.find(({ extension }) => isInstalled(extension));
  const launch = found?.launch(waiting);
  return launch ? ({ name, ...launch } as Launch) : null;
}

const commandsOf = (script: string): string[] =>
  script.split('\n').filter(line => line !== '' && !line.startsWith('#'));

const directoryOf = (file: string): string => file.slice(0, Math.max(1, file.lastIndexOf('/')));
