import { once } from 'node:events';
import { userInfo } from 'node:os';
import { type Answer, Api } from './api';
import { notDone, wrongUsage } from './failures';
import { ask, canAsk } from './terminal/ask';
import { Progress } from './terminal/progress';

export interface GlobalOptions {
  url?: string;
  coolrielUrl?: string;
  paymentsUrl?: string;
  json?: boolean;
  who?: string;
  yes?: boolean;
}

/** One call of the CLI: whom it asks, who does it, and how it talks. Results go to stdout, all else to stderr. */
export class Session {
  readonly json: boolean;

  constructor(readonly options: GlobalOptions) {
    this.json = options.json ?? false;
  }

  /** The app that has the consumers. */
  async shop(): Promise<Api> {
    const { url } = this.options;
    const hint =
      'Is it running (npm start)? Another place is given by --url, or by HOST and STORE_MANAGER_PORT in .env.';
    return new Api({ name: 'the shop', url: url ? tidy(url) : (await import('./defaults.js')).storeUrl(), hint });
  }

  async coolriel(): Promise<Api> {
    const { url, coolrielUrl } = this.options;
    if (url && !coolrielUrl) {
      throw wrongUsage('Its e-mails are at another URL than the rest of a shop: give it by --coolriel-url too.');
    }
    const hint =
      'Is it running (npm start)? Another place is given by --coolriel-url, or by HOST and COOLRIEL_PORT in .env.';
    const place = coolrielUrl ? tidy(coolrielUrl) : (await import('./defaults.js')).coolrielUrl();
    return new Api({ name: 'coolriel', url: place, hint });
  }

  async payments(): Promise<Api> {
    const { url, paymentsUrl } = this.options;
    if (url && !paymentsUrl) {
      throw wrongUsage('Payments are at another URL than the rest of a shop: give it by --payments-url too.');
    }
    const hint =
      'Is it running (npm start)? Another place is given by --payments-url, or by HOST and PAYMENTS_PORT in .env.';
    const place = paymentsUrl ? tidy(paymentsUrl) : (await import('./defaults.js')).paymentsUrl();
    return new Api({ name: 'payments', url: place, hint });
  }

  get who(): string {
    try {
      return this.options.who ?? userInfo().username;
    } catch {
      throw wrongUsage('This user has no name here: say who you are by --who.');
    }
  }

  /** A result, on stdout. */
  async print(text: string): Promise<void> {
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
  }

  /** The answer as it came, or what it says to a person. */
  async answer<T>({ body, text }: Answer<T>, tell: (body: T) => string): Promise<void> {
    await this.print(this.json ? text : tell(body));
  }

  /** For the person alone: what to do next, or that there is nothing. */
  say(text: string): void {
    if (!this.json) process.stderr.write(`${text}\n`);
  }

  progress(): Progress {
    return new Progress(this.json ? undefined : process.stderr);
  }

  /** Before what can not be taken back. Where nobody can answer, only --yes says it. */
  async confirm(question: string, page?: string): Promise<void> {
    if (this.options.yes) return;
    if (!canAsk()) throw wrongUsage('This can not be taken back, and nobody can be asked here: say --yes.');
    if (page) process.stderr.write(`${page}\n\n`);
    if (!/^y(es)?$/i.test(await ask(`${question} [y/N] `))) throw notDone('You did not say yes.');
  }
}

function tidy(text: string): string {
  const url = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) throw wrongUsage(`${text} is no URL. One looks like http://localhost:5000.`);
  return url.replace(/\/+$/, '');
}
