import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../scripts/services/services.mjs';
import { type OwnServer, ownKafka, ownMariadb } from '../services';
import { ShopProcess } from '../shop-process';

export type App = 'store-manager' | 'payments' | 'coolriel';

const DATABASE = 'magasin';

/** One process of the shop: it comes back at the port that it had. */
export class Member {
  process?: ShopProcess;
  /** What its processes have written into their logs, those that are gone too. */
  readonly logs: ShopProcess[] = [];
  readonly url: string;

  constructor(
    readonly name: string,
    readonly app: App,
    private readonly folder: string,
    port: number,
    private readonly environment: Record<string, string>,
  ) {
    this.url = `http://localhost:${port}`;
  }

  async start(): Promise<void> {
    this.process = await ShopProcess.start(this.folder, this.environment);
    this.logs.push(this.process);
  }

  /** Nobody waits for its goodbye. */
  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
    this.process = undefined;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.process?.child.kill(signal);
  }

  /** Its exit code. One that is stopped hears nothing else than SIGCONT. */
  async end(): Promise<number | null | undefined> {
    this.signal('SIGCONT');
    return this.process?.end('SIGTERM');
  }

  get log(): string {
    return this.logs.map(({ log }) => log).join('');
  }
}

/** How many processes of each app. */
export type Sizes = Record<App, number>;

/** The shop as many processes, on a MariaDB and a Kafka of its own. */
export class Cluster {
  private constructor(
    readonly folder: string,
    readonly mariadb: OwnServer,
    readonly kafka: OwnServer,
    readonly prefix: string,
    readonly members: Member[],
  ) {}

  static async start(sizes: Sizes, settings: Record<string, string> = {}): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'magasin-cluster-'));
    const [mariadb, kafka] = await Promise.all([ownMariadb(), ownKafka()]);
    const prefix = 'attack-';
    const members: Member[] = [];
    const ports: Record<App, string> = {
      'store-manager': 'STORE_MANAGER_PORT',
      payments: 'PAYMENTS_PORT',
      coolriel: 'COOLRIEL_PORT',
    };
    let linkBase: string | undefined;
    for (const [app, count] of Object.entries(sizes) as [App, number][]) {
      for (let number = 1; number <= count; number += 1) {
        const port = await freePort();
        // All payments write one link, as they would behind a balancer.
        if (app === 'payments') linkBase ??= `http://localhost:${port}/payments/process`;
        members.push(
          new Member(`${app} ${number}`, app, folder, port, {
            APPS: app,
            [ports[app]]: String(port),
            DATABASE_URL: `mariadb://root@${mariadb.address}/${DATABASE}`,
            EVENT_BUS: 'kafka',
            KAFKA_BROKERS: kafka.address,
            KAFKA_PREFIX: prefix,
            OUTPUT_FOLDER: join(folder, 'output'),
            ...(linkBase && { PAYMENT_LINK_BASE: linkBase }),
            ...settings,
          }),
        );
      }
    }
    mkdirSync(join(folder, 'output'));
    const cluster = new Cluster(folder, mariadb, kafka, prefix, members);
    try {
      await Promise.all(members.map((member) => member.start()));
    } catch (error) {
      await cluster.remove();
      throw error;
    }
    return cluster;
  }

  of(app: App): Member[] {
    return this.members.filter((member) => member.app === app);
  }

  /** One process of each app: they all answer the same. */
  get places(): { store: string; payments: string; coolriel: string } {
    return {
      store: this.of('store-manager')[0].url,
      payments: this.of('payments')[0].url,
      coolriel: this.of('coolriel')[0].url,
    };
  }

  /** Asks the database itself. @throws Error when it does not answer within some seconds */
  async query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const [host, port] = this.mariadb.address.split(':');
    const connection = await createConnection({
      host,
      port: Number(port),
      user: 'root',
      database: DATABASE,
      connectTimeout: 3_000,
      supportBigNumbers: true,
    });
    connection.on('error', () => undefined);
    try {
      const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: 20_000 }, parameters);
      return rows as T[];
    } finally {
      connection.destroy();
    }
  }

  /** The process that relays the log, if it is one of ours. */
  async leader(): Promise<Member | undefined> {
    const [{ owner }] = await this.query<{ owner: string }>('SELECT owner FROM event_relay');
    return this.members.find(({ process }) => process && String(process.child.pid) === owner.split('/')[1]);
  }

  /** Ends all as they want to be ended. Their exit codes, by name. */
  async stop(): Promise<Record<string, number | null | undefined>> {
    return Object.fromEntries(
      await Promise.all(this.members.map(async (member) => [member.name, await member.end()] as const)),
    );
  }

  async remove(): Promise<void> {
    await Promise.all(
      this.members.map(async (member) => {
        member.signal('SIGCONT');
        await member.kill();
      }),
    );
    await Promise.all([this.mariadb.remove(), this.kafka.remove()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
