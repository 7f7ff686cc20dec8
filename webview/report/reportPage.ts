// A page that shows one answer: draws what it is sent, anew with every message.
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as v from 'valibot';
import { toPageSchema, type FromPage, type KeptPage, type ReportPage } from '../../src/protocol/pages';
import { bootView } from './bootView';
import './matrixView';
import { t } from '../l10n';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: KeptPage): void };

@customElement('insmod-lens-report')
export class ReportDocument extends LitElement {
  private readonly api = acquireVsCodeApi();
  @state() private accessor page: ReportPage | null = null;

  constructor() {
    super();
    window.addEventListener('message', event => {
      const parsed = v.safeParse(toPageSchema, event.data);
      // Anything else that is posted to this window is not for us.
      if (!parsed.success) return;
      const { page, subject } = parsed.output;
      this.page = page;
      this.api.setState({ page, subject });
    });
    this.api.postMessage({ kind: 'ready' });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { page } = this;
    if (!page) return html`<vscode-progress-ring aria-label=${t('Reading the report')}></vscode-progress-ring>`;
    const send = (message: FromPage): void => this.api.postMessage(message);
    if (page.kind === 'boot') return bootView(page, send);
    return html`<insmod-lens-matrix .page=${page} .send=${send}></insmod-lens-matrix>`;
  }
}
