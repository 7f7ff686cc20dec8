// The server behind `insmod-lens mcp`: the tools, spoken in the Model Context Protocol over standard input and output.
import type { Readable, Writable } from 'node:stream';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { TOOLS } from '../node/tools/definitions';
import { INVALID_PARAMS, LineTransport } from './lines';

/** Answers a call; throws {@link InputError} for one that cannot be answered. The command has the engine already. */
export type RunTool = (name: string, input: Readonly<Record<string, unknown>>) => Promise<string>;

/** Where requests come from and answers go. */
export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Runs until the input ends, which is standard input unless another is given. */
export async function serve(
  version: string,
  runTool: RunTool,
  { input, output }: Streams = { input: process.stdin, output: process.stdout },
): Promise<void> {
  const server = new Server(
    { name: 'insmod-lens', version },
    {
      capabilities: { tools: {} },
      jsonSchemaValidator: { getValidator: () => () => ({ valid: false, data: undefined, errorMessage: '' }) },
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ inputSchema, ...tool }) => ({
      ...tool,
      inputSchema: { ...inputSchema, properties: { ...inputSchema.properties }, required: [...inputSchema.required] },
      // Files are read, nothing is changed.
      annotations: { title: tool.title, readOnlyHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    if (!TOOLS.some(({ name }) => name === params.name))
      throw new McpError(INVALID_PARAMS, `Unknown tool: ${params.name}`);
    try {
      const text = await runTool(params.name, params.arguments ?? {});
      return { content: [{ type: 'text', text }] };
    } catch (error) {
      // Another bundle's class: its name tells.
      if (!(error instanceof Error) || error.name !== 'InputError') throw error;
      return { isError: true, content: [{ type: 'text', text: error.message }] };
    }
  });
  await server.connect(new LineTransport(input, output));
}
