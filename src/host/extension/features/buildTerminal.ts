// A terminal that runs make and shows what it prints, so that Problems can read along.
import { spawn, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import * as vscode from 'vscode';
import type { BuildLog } from './buildProblems';

/** Ctrl+C. */
const INTERRUPT = '\u0003';

export class BuildTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;
  private make: ChildProcess | null = null;

  /**
   * @param args arguments of make
   * @param directory where it runs
   * @param begin called when it starts
   */
  constructor(
    private readonly args: readonly string[],
    private readonly directory: string,
    private readonly begin: () => BuildLog,
  ) {}

  open(): void {
    const log = this.begin();
    this.write(`make ${this.args.join(' ')}\n`);
    // A group of its own: what make started is stopped with it.
    const make = spawn('make', this.args, { cwd: this.directory, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.make = make;
    for (const stream of [make.stdout, make.stderr]) {
      const decoder = new StringDecoder();
      stream.on('data', (bytes: Buffer) => {
        const text = decoder.write(bytes);
        this.write(text);
        log.write(text);
      });
    }
    let over = false;
    const end = (status: number): void => {
      if (over) return;
      over = true;
      void log.end().then(() => this.closed.fire(status));
    };
    make.on('error', error => {
      this.write(`${error.message}\n`);
      end(127);
    });
    make.on('close', (status, signal) => end(status ?? (signal === null ? 1 : 130)));
  }

  close(): void {
    const pid = this.make?.pid;
    if (pid === undefined || this.make?.exitCode !== null) return;
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // It ended by itself.
    }
  }

  handleInput(text: string): void {
    if (text.includes(INTERRUPT)) this.close();
  }

  private write(text: string): void {
    this.written.fire(text.replace(/\r?\n/g, '\r\n'));
  }
}
