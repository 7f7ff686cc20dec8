// The tools that language models can call, in the editor and through `insmod-lens mcp`: names, descriptions, inputs.

export interface ToolDefinition {
  readonly name: ToolName;
  readonly title: string;
  /** For the model: when to call it, what comes back. */
  readonly description: string;
  /** JSON schema. */
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, PropertySchema>>;
    readonly required: readonly string[];
  };
}

/** JSON schema of one argument. */
export interface PropertySchema {
  readonly type: 'string' | 'array';
  readonly items?: { readonly type: 'string' };
  readonly description: string;
}

export type ToolName = keyof ToolInputs;

export interface ToolInputs {
  readonly check_module_load: ModuleInput & { readonly module: string };
  readonly explain_module_finding: { readonly code: string };
  readonly explain_kernel_log: ModuleInput & { readonly log: string };
}

/** A module and the machine it is held against. */
interface ModuleInput {
  readonly module?: string;
  readonly kernels?: readonly string[];
  readonly params?: string;
  readonly cmdline?: string;
  readonly loaded?: readonly string[];
}

const text = (description: string): PropertySchema => ({ type: 'string', description });
const texts = (description: string): PropertySchema => ({ type: 'array', items: { type: 'string' }, description });

const MACHINE = {
  kernels: texts(
    'Kernels to check it against: build directories (headers), /lib/modules/RELEASE directories, a vmlinux, or snapshots of insmod-lens capture. Default: the kernel the module was built against.',
  ),
  params: text('Module parameters as given to insmod, such as "debug=1 name=x".'),
  cmdline: text('Kernel command line, such as "module.sig_enforce=1 lockdown=integrity".'),
  loaded: texts('Module files that are loaded first, in order.'),
};

export const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'check_module_load',
    title: 'Check whether a kernel module would load',
    description:
      'Simulates insmod of a built Linux kernel module (.ko) against one or more kernels, without loading anything or running its code. Answers for each kernel with the verdict, errno, the kernel log it would print, and findings with reasons and places in the C source. Call it after building a module, or when asked why one is refused.',
    inputSchema: {
      type: 'object',
      properties: { module: text('Path of the .ko file (.ko.xz, .ko.zst and .ko.gz too).'), ...MACHINE },
      required: ['module'],
    },
  },
  {
    name: 'explain_module_finding',
    title: 'Explain a finding about a kernel module',
    description:
      'Returns the page of a finding code (such as symbol-version, vermagic or namespace): what the kernel prints, an example, why it happens, how to find out and how to fix it.',
    inputSchema: {
      type: 'object',
      properties: { code: text('The code of the finding, in kebab-case.') },
      required: ['code'],
    },
  },
  {
    name: 'explain_kernel_log',
    title: 'Explain kernel log lines about module loading',
    description:
      'Reads pasted lines of dmesg, journalctl, insmod or modprobe and tells which of them are about loading modules, what each means and what to do. With the .ko it also simulates loading and says where in the source the cause is.',
    inputSchema: {
      type: 'object',
      properties: {
        log: text('The lines as they were printed, prefixes and all.'),
        module: text('Path of the .ko file they are about, if it is at hand.'),
        ...MACHINE,
      },
      required: ['log'],
    },
  },
];
