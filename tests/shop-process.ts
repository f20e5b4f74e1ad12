import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { server } from '../libs/event-log/src/test-databases';

const MAIN = resolve('dist/apps/magasin/src/main.js');

/** A folder of its own for one shop: its data, its e-mails. */
export function shopFolder(): { folder: string; remove: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'magasin-'));
  return {
    folder,
    remove: async () => {
      rmSync(folder, { recursive: true, force: true });
      await dropDatabase(folder);
    },
  };
}

/** A server that keeps the data of the shops under test: `mariadb://root@127.0.0.1:3306`. Without one, files do. */
const SERVER = process.env.TEST_DATABASE_SERVER;

/** Where the shop of a folder keeps its data: the same each time it is opened. */
export const databaseOf = (folder: string, file = 'data/shop.sqlite'): string =>
  SERVER ? `${SERVER}/${databaseName(folder)}` : `sqlite:${join(folder, file)}`;

const databaseName = (folder: string): string => `test_${folder.replaceAll(/\W/g, '_').slice(-50)}`;

async function dropDatabase(folder: string): Promise<void> {
  if (!SERVER) return;
  await server.remove(databaseOf(folder));
}

/** Who takes the events of a shop, in the order in which they are shown. */
export const CONSUMERS = ['stock-overview', 'orders', 'best-sellers', 'highest-spenders', 'payments', 'coolriel'];

/** The built shop as a process of its own, on free ports. */
export class ShopProcess {
  output = '';
  /** What it wrote into its log: the part of the output that went to stderr. */
  log = '';
  readonly ended: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    child.stderr?.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    this.ended = new Promise((done) => child.once('close', (code) => done(code)));
  }

  /** Starts it without waiting: for starts that are to fail. */
  static spawn(folder: string, environment: Record<string, string> = {}, main = MAIN): ShopProcess {
    mkdirSync(folder, { recursive: true });
    const quiet = {
      STORE_MANAGER_PORT: '0',
      PAYMENTS_PORT: '0',
      COOLRIEL_PORT: '0',
      TIME_ZONE: 'UTC',
      LOG_LEVEL: 'warn',
      // It says where the tests find a Redis. A shop uses one when its test says so.
      REDIS_URL: '',
    };
    const database = SERVER ? { DATABASE_URL: databaseOf(folder) } : {};
    const env = { ...process.env, ...quiet, ...database, ...environment };
    return new ShopProcess(spawn(process.execPath, [main], { cwd: folder, env, stdio: 'pipe' }));
  }

  /** @throws Error with what it printed when it ends instead of opening. */
  static async start(folder: string, environment?: Record<string, string>, main?: string): Promise<ShopProcess> {
    const shop = ShopProcess.spawn(folder, environment, main);
    const open = new Promise<void>((done) => {
      shop.child.stdout?.on('data', () => {
        if (shop.output.includes('data      ')) done();
      });
    });
    await Promise.race([
      open,
      shop.ended.then((code) => {
        throw new Error(`The shop ended with ${code} before it was open:\n${shop.output}`);
      }),
    ]);
    return shop;
  }

  get store(): string {
    return this.url(/API\s+(\S+)\/users/);
  }

  get payments(): string {
    return this.url(/payments\s+(\S+)/);
  }

  get coolriel(): string {
    return this.url(/e-mails\s+(\S+)\/emails/);
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  private url(pattern: RegExp): string {
    return pattern.exec(this.output)![1];
  }
}

export interface NewUser {
  name: string;
  email: string;
  user_type_id: number;
}

/** Writes a user over HTTP. Undefined when the server did not answer: it may have been written or not. */
export async function writeUser(store: string, user: NewUser): Promise<{ status: number; body: never } | undefined> {
  try {
    const response = await fetch(`${store}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    return { status: response.status, body: (await response.json()) as never };
  } catch {
    return undefined;
  }
}

/** All items of a list, page by page. */
export async function readAll<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next = new URL(url);
    next.searchParams.set('limit', '500');
    if (cursor) next.searchParams.set('cursor', cursor);
    const page = (await (await fetch(next)).json()) as { items: T[]; nextCursor: string | null };
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/** Repeats a check until it holds; then its last error counts. */
export async function eventually(check: () => Promise<void>, limitMs = 60_000): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
