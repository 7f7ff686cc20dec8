// insmod-lens mcp: the tools for language models, over standard input and output.
import path from 'node:path';
import type { Command } from 'commander';
import type * as server from '../mcp/server';

export function registerMcp(program: Command, version: string): void {
  program
    .command('mcp')
    .description('serve check_module_load, explain_module_finding and explain_kernel_log to a language model (stdio)')
    .action(async () => {
      // A bundle of its own: no other command pays for reading the protocol.
      const { serve } = (await import(path.join(__dirname, 'mcp.js'))) as typeof server;
      const { runTool } = await import('../node/tools/runTool');
      const { FindingPages } = await import('../node/tools/pages');
      const pages = new FindingPages(path.join(__dirname, '..', 'doc', 'findings'));
      await serve(version, (name, input) => runTool(name, input, pages));
    });
}
