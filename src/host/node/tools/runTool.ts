// Running a tool: its input is looked at first, for whoever calls may be wrong about it.
import { PROFILE } from '../../../target/profile';
import path from 'node:path';
import type { AnalyseRequest, ModuleReport } from '../../../protocol/analysis';
import { analyseModule } from '../analyse';
import { defaultTarget } from '../targets';
import { readModule } from '../decompress';
import { InputError } from '../files';
import { TOOLS, type ToolDefinition, type ToolName } from './definitions';
import { logText } from './logText';
import type { FindingPages } from './pages';
import { reportText } from './resultText';

type Input = Readonly<Record<string, unknown>>;

/** The answer as Markdown. Throws {@link InputError} for what cannot be answered. */
export async function runTool(name: string, input: Input, pages: FindingPages): Promise<string> {
  const tool = TOOLS.find(candidate => candidate.name === name);
  if (!tool) throw new InputError(name, 'there is no such tool');
  checkInput(tool, input);
  return RUN[tool.name](input, pages);
}

/**
 * An argument of another type must not be passed over: the answer would be about another kernel, or another load. Throws
 * {@link InputError}, so that a model sees what is wrong.
 */
function checkInput({ inputSchema: { properties, required } }: ToolDefinition, input: Input): void {
  for (const name of required) if (input[name] === undefined) throw new InputError(name, 'is missing');
  for (const [name, value] of Object.entries(input)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!property)
      throw new InputError(name, `is no argument of this tool: it has ${Object.keys(properties).join(', ')}`);
    if (property.type === 'string' && typeof value !== 'string') throw new InputError(name, 'has to be a string');
    if (property.type === 'array' && !isTexts(value)) throw new InputError(name, 'has to be a list of strings');
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string');

const RUN: Readonly<Record<ToolName, (input: Input, pages: FindingPages) => Promise<string>>> = {
  check_module_load: async input => reportText(await analyse(input, String(input['module']))),
  explain_module_finding: (input, pages) => {
    const code = String(input['code']);
    const page = pages.page(code);
    if (!page) throw new InputError(code, 'there is no such finding');
    return Promise.resolve(page.text);
  },
  explain_kernel_log: async (input, pages) => {
    const module = input['module'];
    const report = typeof module === 'string' && module !== '' ? await analyse(input, module) : null;
    return logText(String(input['log']), pages, report);
  },
};

async function analyse(input: Input, module: string): Promise<ModuleReport> {
  const file = path.resolve(module);
  const kernels = strings(input['kernels']);
  const loaded = strings(input['loaded']).map(each => path.resolve(each));
  // Without it the answer would be that of another machine.
  for (const each of loaded) await readModule(each);
  const request: AnalyseRequest = {
    path: file,
    targets: (kernels.length > 0 ? kernels : [defaultTarget(file)]).map(kernel => ({
      path: kernel.startsWith(PROFILE) ? kernel : path.resolve(kernel),
    })),
    args: text(input['params']),
    cmdline: text(input['cmdline']),
    loaded,
  };
  return analyseModule(request);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const strings = (value: unknown): string[] => (isTexts(value) ? value : []);
