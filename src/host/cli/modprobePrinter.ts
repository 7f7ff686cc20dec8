// What modprobe prints, step by step.
import pc from 'picocolors';
import { decodeUtf8 } from '../../formats/bytes/strings';
import type { SimulatedStep } from '../node/modprobe/simulation';
import { printable } from './printable';
import { colour, printLog, printNotChecked } from './printResult';
import { complain, err, out } from './output';

export interface PrinterOptions {
  /** Print nothing at all. */
  readonly silent: boolean;
  /** A line for each step, as with -v. */
  readonly steps: boolean;
}

export class Printer {
  /** What was said to be left open: once, however many modules it holds for. */
  private readonly open = new Set<string>();

  constructor(readonly options: PrinterOptions) {}

  heading(release: string): void {
    if (!this.options.silent) out(colour(pc.bold, `== ${printable(release)}`) + '\n');
  }

  /** A line that others read: byte for byte. */
  line(text: string): void {
    if (!this.options.silent) out(Buffer.from(`${text}\n`, 'latin1'));
  }

  /** A line of modprobe about what the kernel refused. */
  refusal(text: string): void {
    if (!this.options.silent) out(colour(pc.red, printable(decodeUtf8(text))) + '\n');
  }

  /** A line of modprobe on standard error, whatever the format. */
  complaint(text: string): void {
    err(printable(decodeUtf8(text)) + '\n');
  }

  /** What came of a step: its log; a command is named, since it was not run. */
  step(step: SimulatedStep): void {
    if (this.options.silent) return;
    const line = `${step.action} ${step.path ?? ''}${step.action === 'rmmod' ? step.module : ` ${step.text}`}`;
    if (this.options.steps) out(printable(line.replace(/ {2,}/, ' ')) + '\n');
    if (step.action === 'install' || step.action === 'remove')
      complain(`not run: ${step.action} ${step.module}: ${step.text}`);
    printLog(step.log, step.result?.findings);
    if (step.result) printNotChecked(step.result, '', this.open);
  }
}
