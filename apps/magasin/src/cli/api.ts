import { STATUS_CODES } from 'node:http';
import { EXIT, Failure, type ProblemDocument } from './failures';

/** What an app answered: to be read, and as it came. */
export interface Answer<T> {
  body: T;
  text: string;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Where an app answers. */
export interface Place {
  name: string;
  url: string;
  /** How to give another one. */
  hint: string;
}

type Query = Record<string, string | number | undefined>;

const LONGEST_PAGE = 500;

/** One app of the shop, over HTTP. Everything is done there, so a running shop notices at once. */
export class Api {
  constructor(readonly place: Place) {}

  get<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    return this.ask<T>(search.size > 0 ? `${path}?${search.toString()}` : path);
  }

  post<T>(path: string, body: object): Promise<Answer<T>> {
    const headers = { 'content-type': 'application/json' };
    return this.ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Page by page, so many items at most. */
  async *pages<T>(path: string, query: Query, most = Infinity): AsyncGenerator<Page<T>> {
    let cursor: string | undefined;
    for (let left = most; left > 0;) {
      const { body } = await this.get<Page<T>>(path, { ...query, cursor, limit: Math.min(left, LONGEST_PAGE) });
      yield body;
      if (body.nextCursor === null) return;
      cursor = body.nextCursor;
      left -= body.items.length;
    }
  }

  /** @throws Failure when it is refused, or nobody answers who could be the shop */
  private async ask<T>(path: string, request: RequestInit = {}): Promise<Answer<T>> {
    const { url } = this.place;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + path, { ...request, redirect: 'error' });
      text = await response.text();
    } catch (error) {
      throw this.unreachable(reasonOf(error as Error));
    }
    const body = parsed(text);
    if (response.ok && body !== undefined) return { body: body as T, text };
    if (response.ok) throw this.unreachable(`${path} is not JSON there, so it is no Magasin`);
    throw new Failure(EXIT.refused, isProblem(body) ? body : this.strange(path, response.status));
  }

  private unreachable(reason: string): Failure {
    const { name, url, hint } = this.place;
    const detail = `nobody answers for ${name} at ${url} (${reason}). ${hint}`;
    return new Failure(EXIT.unreachable, { type: 'urn:magasin:cli:unreachable', title: 'Not reached', detail });
  }

  private strange(path: string, status: number): ProblemDocument {
    const detail = `${this.place.url}${path} answered ${status} without saying why. ${this.place.hint}`;
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isProblem = (body: unknown): body is ProblemDocument =>
  typeof (body as ProblemDocument | undefined)?.title === 'string' &&
  typeof (body as ProblemDocument).detail === 'string';

/** fetch says `fetch failed`, and its cause says why; of several addresses each has a reason of its own. */
function reasonOf(error: Error): string {
  const cause = (error.cause ?? error) as Error & { errors?: Error[] };
  return cause.errors?.map(({ message }) => message).join(', ') || cause.message || error.message;
}
