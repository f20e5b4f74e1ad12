import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { EventLog } from './event-log';
import { committed, CreateItem1764000000001, item, Item, userCreated } from './testing';

describe('EventLog', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'event-log-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (url: string): Promise<EventLog> =>
    EventLog.open({ url, entities: [Item], migrations: [CreateItem1764000000001], timeZone: 'UTC' });
  const identityOf = async (url: string): Promise<string> => {
    const log = await open(url);
    await log.close();
    return log.identity;
  };

  it('keeps its identity when it is opened again, and has another one in another file', async () => {
    const first = await identityOf(`sqlite:${folder}/first.sqlite`);

    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await identityOf(`sqlite:${folder}/first.sqlite`)).toBe(first);
    expect(await identityOf(`sqlite:${folder}/second.sqlite`)).not.toBe(first);
  });

  it('is another log when the file was made again', async () => {
    const first = await identityOf(`sqlite:${folder}/log.sqlite`);
    rmSync(`${folder}/log.sqlite`);

    expect(await identityOf(`sqlite:${folder}/log.sqlite`)).not.toBe(first);
  });

  it('makes the folder, with either form of the url', async () => {
    await identityOf(`sqlite:${folder}/a/b/log.sqlite`);

    expect(committed(`${folder}/a/b/log.sqlite`)).toEqual({ items: [], events: [] });
    expect(await identityOf(`sqlite://${folder}/a/b/log.sqlite`)).toBe(
      await identityOf(`sqlite:${folder}/a/b/log.sqlite`),
    );
  });

  it.each(['postgres://store@db/magasin', 'sqlite:', 'data/magasin.sqlite', ''])(
    'refuses the url "%s" and says what it takes',
    async (url) => {
      await expect(open(url)).rejects.toThrow(
        `DATABASE_URL is ${url}. Accepted: sqlite:<file>, for example sqlite:data/magasin.sqlite.`,
      );
    },
  );

  it('goes on where it was: rows, versions, positions', async () => {
    const url = `sqlite:${folder}/log.sqlite`;
    for (const id of [1, 2, 3]) {
      const log = await open(url);
      await log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(id));
        tx.record(userCreated(1));
      });
      await log.close();
    }

    expect(committed(`${folder}/log.sqlite`)).toEqual({
      items: [1, 2, 3],
      events: [1, 2, 3].map((place) => ({ position: place, stream: 'user-1', version: place })),
    });
  });

  it('keeps its times in order when the clock was set back between two starts', async () => {
    const url = `sqlite:${folder}/log.sqlite`;
    await identityOf(url);
    const future = Date.UTC(2091, 0, 1);
    const database = new Sqlite(`${folder}/log.sqlite`);
    database.exec(`INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
                   VALUES (zeroblob(16), 'UserCreated', 'user-1', 1, '{}', '{}', ${future})`);
    database.close();

    const log = await open(url);
    await log.transaction(async (tx) => tx.record(userCreated(2)));

    const event = await log.history.at(2);
    await log.close();
    expect(event?.occurredAt).toBe(future);
    expect(event?.payload).toContain('"datetime":"2091-01-01 00:00:00.000000"');
  });

  it('notices what another process recorded', async () => {
    const url = `sqlite:${folder}/log.sqlite`;
    const log = await open(url);
    const other = await open(url);
    const woken = new Promise<void>((resolve) => log.onRecorded(resolve));

    await other.transaction(async (tx) => tx.record(userCreated(1)));
    await woken;

    expect(await log.history.head()).toBe(1);
    await other.close();
    await log.close();
  });

  it('may be closed twice', async () => {
    const log = await open(`sqlite:${folder}/log.sqlite`);
    await log.transaction((tx) => tx.rows.insert(Item, item(1)));

    await log.close();
    await log.close();

    expect(committed(`${folder}/log.sqlite`).items).toEqual([1]);
  });
});
