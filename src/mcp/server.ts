// The server behind `insmod-lens mcp`: the tools, spoken in the Model Context Protocol over standard input and output.
import path from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { InputError } from '../node/files';
import { TOOLS } from '../node/tools/definitions';
import { FindingPages } from '../node/tools/pages';
import { runTool } from '../node/tools/runTool';

/** Runs until standard input ends. */
export async function serve(version: string): Promise<void> {
  const pages = new FindingPages(path.join(__dirname, '..', 'doc', 'findings'));
  const server = new Server({ name: 'insmod-lens', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ inputSchema, ...tool }) => ({
      ...tool,
      inputSchema: { ...inputSchema, properties: { ...inputSchema.properties }, required: [...inputSchema.required] },
      // Files are read, nothing is changed.
      annotations: { title: tool.title, readOnlyHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    try {
      const text = await runTool(params.name, params.arguments ?? {}, pages);
      return { content: [{ type: 'text', text }] };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { isError: true, content: [{ type: 'text', text: error.message }] };
    }
  });
  await server.connect(new StdioServerTransport());
}
