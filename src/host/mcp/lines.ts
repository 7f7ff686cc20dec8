// JSON-RPC over standard input and output, a message a line, with an answer to every request, however wrong it is: the
// transport of the protocol's library drops what it cannot read, and ends at a line that is too long.
import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  InitializeRequestSchema,
  JSONRPCMessageSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js';

/** JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
export const INVALID_PARAMS = -32602;

/** Bytes of one message. Logs are pasted into requests, and no log that anyone reads is as long. */
export const LONGEST_MESSAGE = 32 << 20;

/** What the parameters of a request have to look like, by its method. */
const REQUESTS = new Map(
  [InitializeRequestSchema, ListToolsRequestSchema, CallToolRequestSchema, PingRequestSchema].map(schema => [
    schema.shape.method.value as string,
    schema,
  ]),
);

const NEWLINE = 0x0a;

export class LineTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Of the line that is being read; null when it is too long, and its rest is passed over. */
  private pieces: Buffer[] | null = [];
  private length = 0;
  private draining: Promise<void> | null = null;

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
  ) {}

  start(): Promise<void> {
    this.input.on('data', (chunk: Buffer) => this.read(chunk));
    this.input.on('end', () => {
      this.endLine();
      this.onclose?.();
    });
    this.input.on('error', error => this.onerror?.(error));
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.output.write(JSON.stringify(message) + '\n')) return Promise.resolve();
    // One listener, however many answers wait for a client that does not read.
    this.draining ??= new Promise(resolve =>
      this.output.once('drain', () => {
        this.draining = null;
        resolve();
      }),
    );
    return this.draining;
  }

  close(): Promise<void> {
    this.input.pause();
    this.onclose?.();
    return Promise.resolve();
  }

  private read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.add(chunk.subarray(start, end));
      this.endLine();
      start = end + 1;
    }
    this.add(chunk.subarray(start));
  }

  private add(piece: Buffer): void {
    this.length += piece.length;
    if (this.length > LONGEST_MESSAGE) this.pieces = null;
    else this.pieces?.push(piece);
  }

  private endLine(): void {
    const { pieces } = this;
    this.pieces = [];
    this.length = 0;
    if (pieces === null) this.refuse(null, INVALID_REQUEST, `a message is longer than ${LONGEST_MESSAGE} bytes`);
    else this.take(Buffer.concat(pieces).toString('utf8'));
  }

  private take(line: string): void {
    if (line.trim() === '') return;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      this.refuse(null, PARSE_ERROR, 'this is no JSON');
      return;
    }
    const message = JSONRPCMessageSchema.safeParse(json);
    if (!message.success) {
      this.refuse(idOf(json), INVALID_REQUEST, 'this is no message of JSON-RPC 2.0');
      return;
    }
    if ('method' in message.data && 'id' in message.data) {
      const wrong = REQUESTS.get(message.data.method)?.safeParse(message.data).error?.issues[0];
      if (wrong) {
        this.refuse(message.data.id, INVALID_PARAMS, `${wrong.path.join('.')}: ${wrong.message}`);
        return;
      }
    }
    this.onmessage?.(message.data);
  }

  private refuse(id: string | number | null, code: number, message: string): void {
    // The library's type leaves out the id that JSON-RPC has for requests that cannot be told: null.
    void this.send({ jsonrpc: '2.0', id, error: { code, message } } as JSONRPCMessage);
  }
}

function idOf(json: unknown): string | number | null {
  const id: unknown = typeof json === 'object' && json !== null && 'id' in json ? json.id : null;
  return typeof id === 'string' || (typeof id === 'number' && Number.isInteger(id)) ? id : null;
}
