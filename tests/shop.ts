import { join } from 'node:path';
import { startShop } from '../apps/magasin/src/shop';
import { Documented, type OpenApi } from './documented';
import { CONSUMERS, databaseOf, eventually, type NewUser, readAll, shopFolder } from './shop-process';

export { CONSUMERS, eventually, readAll };

export interface Answer<T> {
  status: number;
  headers: Headers;
  text: string;
  /** What the text says when it is JSON. */
  body: T;
}

export interface User extends NewUser {
  id: number;
}

export interface Event {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  recorded_at: string;
  data: User & { event: string; datetime: string };
}

export interface Email {
  id: number;
  template: string;
  recipient: string;
  subject: string;
  state: string;
  failures: number;
  error: string | null;
  event_id: string;
  created_at: string;
  sent_at: string | null;
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  error: string;
  errors?: { detail: string; pointer: string }[];
}

export const grace = (changes: object = {}): NewUser => ({
  name: 'Grace Hopper',
  email: 'grace@example.com',
  user_type_id: 1,
  ...changes,
});

/** By origin. Forgotten with each new shop: ports come again. */
const documents = new Map<string, Promise<Documented>>();

export async function documentOf(origin: string): Promise<Documented> {
  const read = async () => new Documented((await (await fetch(`${origin}/api-json`)).json()) as OpenApi);
  const document = documents.get(origin) ?? read();
  documents.set(origin, document);
  return document;
}

/** Text goes as it is, anything else as JSON. Every answer is held to the app's OpenAPI document: it can not lie. */
export async function ask<T>(
  url: string,
  method = 'GET',
  body?: unknown,
  type = 'application/json',
  more: Record<string, string> = {},
): Promise<Answer<T>> {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    body: sent,
    headers: sent === undefined ? more : { 'content-type': type, ...more },
  });
  const text = await response.text();
  const { origin, pathname } = new URL(url);
  const documented = await documentOf(origin);
  const operation = documented.operation(method, pathname);
  if (operation)
    expect(documented.lies(operation, { status: response.status, headers: response.headers, text })).toEqual([]);
  const json = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (json && text ? JSON.parse(text) : undefined) as T,
  };
}

/** The whole shop in this process, on free ports, in a folder of its own unless you name one. `remove` stops it too. */
export async function openShop(folder?: string, settings: Record<string, string> = {}) {
  documents.clear();
  const own = folder === undefined ? shopFolder() : undefined;
  const home = folder ?? own!.folder;
  const output = join(home, 'output');
  const database = databaseOf(home);
  const environment = {
    STORE_MANAGER_PORT: '0',
    PAYMENTS_PORT: '0',
    COOLRIEL_PORT: '0',
    TIME_ZONE: 'UTC',
    LOG_LEVEL: 'silent',
  };
  const shop = await startShop({ ...environment, DATABASE_URL: database, OUTPUT_FOLDER: output, ...settings });
  const { store, payments, coolriel, stop } = shop as Required<typeof shop>;
  const emails = (query = ''): Promise<Email[]> => readAll<Email>(`${coolriel}/emails${query}`);

  return {
    store,
    payments,
    coolriel,
    folder: home,
    output,
    database,
    stop,
    remove: async (): Promise<void> => {
      await stop();
      await own?.remove();
    },
    get: <T>(path: string): Promise<Answer<T>> => ask<T>(store + path),
    post: <T>(path: string, body?: unknown, type?: string): Promise<Answer<T>> =>
      ask<T>(store + path, 'POST', body, type),
    delete: <T>(path: string): Promise<Answer<T>> => ask<T>(store + path, 'DELETE'),
    /** @returns the id of the new user. */
    write: async (user: NewUser): Promise<number> => {
      const { status, body } = await ask<{ user_id: number }>(`${store}/users`, 'POST', user);
      expect(status).toBe(201);
      return body.user_id;
    },
    users: (): Promise<User[]> => readAll<User>(`${store}/users`),
    events: (query = ''): Promise<Event[]> => readAll<Event>(`${store}/events${query}`),
    emails,
    /** Waits until so many e-mails are sent and none is left to send. */
    sent: async (count: number): Promise<void> =>
      eventually(async () => expect((await emails()).map(({ state }) => state)).toEqual(Array(count).fill('sent'))),
  };
}

export type TestShop = Awaited<ReturnType<typeof openShop>>;

/** The path of the page after this one. */
export const linked = ({ headers }: Answer<unknown>): string | undefined =>
  /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];

/** Every refusal is a whole problem document that tells nothing of the inside. */
export function expectProblem(
  { status, headers, text, body }: Answer<unknown>,
  expected: { status: number; type?: string; pointers?: string[] },
): void {
  const problem = body as ProblemDocument;
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect({ status, pointers: problem.errors?.map(({ pointer }) => pointer), type: problem.type }).toEqual({
    status: expected.status,
    pointers: expected.pointers,
    type: expected.type ? `urn:magasin:${expected.type}` : 'about:blank',
  });
  expect(problem).toMatchObject({
    title: expect.stringMatching(/^[A-Z]/) as string,
    status,
    detail: expect.stringMatching(/\S/) as string,
    instance: expect.stringMatching(/^\/[^?]*$/) as string,
    error: problem.detail,
  });
  expect(text).not.toMatch(/SQLITE|INSERT|SELECT|\bstack\b|node_modules|\.[jt]s:\d/);
}
