import { type DomainEvent, UserCreated } from '@magasin/contracts';
import { createTables, type EventLog, type RecordedEvent, type UnitOfWork } from '@magasin/event-log';
import {
  Column,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type QueryRunner,
} from 'typeorm';
import { type Backbone, type BackboneOptions, openBackbone } from '../backbone';
import { type Consumer, type Delivery, on } from '../event-bus';

/** What a consumer made of an event. Nothing makes it unique: a doubled effect must be seen. */
@Entity('effect')
export class Effect {
  /** In the order in which the effects happened. */
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  consumer: string;

  @Column('text')
  stream: string;

  @Column('integer')
  version: number;

  @Column('text')
  name: string;
}

/** The row that a unit of the crash scenario writes beside its events. */
@Entity('written')
export class Written {
  @PrimaryColumn('integer')
  unit: number;
}

export class CreateEffects1764000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = 'consumer TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL';
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE effect (id INTEGER PRIMARY KEY AUTOINCREMENT, ${columns})`,
        'CREATE TABLE written (unit INTEGER PRIMARY KEY)',
      ],
      mysql: {
        effect: `id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, ${columns}`,
        written: 'unit INTEGER NOT NULL PRIMARY KEY',
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['written', 'effect']) await runner.dropTable(table);
  }
}

/** How a process reaches the database under test: plain data, so that a child process can be told. */
export type Address = Pick<BackboneOptions, 'url' | 'kafka' | 'redis'>;

export type ProcessOptions = Pick<BackboneOptions, 'retries' | 'onStatement' | 'turnMs'>;

export const openProcess = (address: Address, options: ProcessOptions = {}): Promise<Backbone> =>
  openBackbone({ ...address, ...options, entities: [Effect, Written], migrations: [CreateEffects1764000000900] });

/** An event of the stream `user-<stream>`. */
export const user = (stream: number, name = 'Ada'): UserCreated =>
  UserCreated.of({ id: stream, name, email: 'ada@example.com', user_type_id: 1 });

/** In one unit of work. */
export const record = (log: EventLog, ...events: DomainEvent[]): Promise<void> =>
  log.transaction(async (tx) => events.forEach((event) => tx.record(event)));

type Before = (event: UserCreated, delivery: Delivery, tx: UnitOfWork) => unknown;

/** A consumer that writes one effect for each UserCreated; `before` sees the event first, and may throw. */
export const writesEffects = (name: string, before?: Before): Consumer => ({
  name,
  handlers: [
    on(UserCreated, async (event, tx, delivery) => {
      await before?.(event, delivery, tx);
      const { consumer, stream, version } = delivery;
      await tx.rows.insert(Effect, { consumer, stream, version, name: event.name });
    }),
  ],
});

export const effectsOf = ({ reading }: EventLog, consumer: string): Promise<Effect[]> =>
  reading.manager.find(Effect, { where: { consumer }, order: { id: 'ASC' } });

/** Versions of each stream, in the order in which they stand there: of the log, or of the effects of a consumer. */
export function byStream(entries: Pick<RecordedEvent, 'stream' | 'version'>[]): Record<string, number[]> {
  const streams: Record<string, number[]> = {};
  for (const { stream, version } of entries) (streams[stream] ??= []).push(version);
  return streams;
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
