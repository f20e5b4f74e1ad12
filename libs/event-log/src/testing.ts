import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCreated } from '@magasin/contracts';
import Sqlite from 'better-sqlite3';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { createTables } from './dialect';
import { EventLog, type EventLogOptions } from './event-log';

export { files, onBothDatabases, server, type TestDatabases } from './test-databases';

/** The row that specs change beside the event. */
@Entity('item')
export class Item {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  name: string;
}

export class CreateItem1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: ['CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'],
      mysql: { item: 'id INT NOT NULL PRIMARY KEY, name TEXT NOT NULL' },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE item');
  }
}

export const item = (id: number, name = 'screw'): Item => Object.assign(new Item(), { id, name });

export const userCreated = (id: number): UserCreated =>
  UserCreated.of({ id, name: 'Ada Lovelace', email: 'ada@example.com', user_type_id: 1 });

export interface Committed {
  items: number[];
  events: { position: number; stream: string; version: number }[];
}

/** What a stranger sees: read past everything under test, by a connection of its own. */
export function committed(file: string): Committed {
  const stranger = new Sqlite(file, { readonly: true });
  const items = stranger.prepare<[], number>('SELECT id FROM item ORDER BY id').pluck().all();
  const events = stranger
    .prepare<[], Committed['events'][number]>('SELECT id AS position, stream, version FROM event_log ORDER BY id')
    .all();
  stranger.close();
  return { items, events };
}

/** A log in a file of its own; `close` removes it. */
export async function openTestLog(options: Partial<EventLogOptions> & { folder?: string } = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'event-log-'));
  const file = join(folder, 'test.sqlite');
  const statements: string[] = [];
  const log = await EventLog.open({
    url: `sqlite:${file}`,
    entities: [Item],
    migrations: [CreateItem1764000000001],
    onStatement: (sql) => statements.push(sql),
    ...options,
  });
  const close = async (): Promise<void> => {
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { log, file, statements, committed: () => committed(file), close };
}

export type TestLog = Awaited<ReturnType<typeof openTestLog>>;

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** What has happened, also what the relay has not numbered yet; each stream in its order. */
export async function recordedIn<T extends object>({ reading }: EventLog): Promise<(T & { event: string })[]> {
  const rows = await reading.query<{ payload: string }[]>('SELECT payload FROM event_log ORDER BY id');
  return rows.map(({ payload }) => JSON.parse(payload) as T & { event: string });
}
