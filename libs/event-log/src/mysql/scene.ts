import { type Connection, type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2/promise';
import { EventLog, type EventLogOptions } from '../event-log';
import { CreateItem1764000000001, Item, item, server, type TestDatabases, userCreated } from '../testing';

/** A test of what only a server makes different. */
export const itOnServer =
  (databases: TestDatabases) =>
  (name: string, test: () => Promise<void>): void => {
    if (databases === server) it(name, test);
  };

/** A log, and on a server a stranger's connection beside it. */
export class LogScene {
  readonly statements: string[] = [];
  log: EventLog;
  stranger: Connection;
  address: ConnectionOptions;
  readonly onServer: boolean;
  readonly url: string;

  private constructor(private readonly databases: TestDatabases) {
    this.onServer = databases === server;
    this.url = databases.create();
  }

  static async create(databases: TestDatabases): Promise<LogScene> {
    const scene = new LogScene(databases);
    scene.log = await scene.open();
    if (!scene.onServer) return scene;
    const { hostname: host, port, username: user, password, pathname } = new URL(scene.url);
    scene.address = { host, port: Number(port), user, password, database: pathname.slice(1) };
    scene.stranger = await createConnection(scene.address);
    return scene;
  }

  open(options: Partial<EventLogOptions> = {}): Promise<EventLog> {
    return EventLog.open({
      url: this.url,
      entities: [Item],
      migrations: [CreateItem1764000000001],
      unitDeadlineMs: 2_500,
      onStatement: (sql) => this.statements.push(sql),
      ...options,
    });
  }

  async end(): Promise<void> {
    await this.log.close();
    await this.stranger?.end();
    await this.databases.remove(this.url);
  }

  /** What stands in the tables, read past everything under test. Events in the order in which they drew their ids. */
  async seen(): Promise<{ items: number[]; events: { stream: string; version: number; position: number }[] }> {
    const [items] = await this.stranger.query<RowDataPacket[]>('SELECT id FROM item ORDER BY id');
    const [events] = await this.stranger.query<RowDataPacket[]>(
      'SELECT stream, version, position FROM event_log ORDER BY id',
    );
    return { items: items.map(({ id }) => id as number), events: events as never };
  }

  /** A row, and an event of a stream. */
  write(id: number, stream = id): Promise<void> {
    return this.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(id));
      tx.record(userCreated(stream));
    });
  }
}
