import type { EventLog, UnitOfWork } from '@magasin/event-log';
import { isUniqueViolation } from '@magasin/event-log';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InstanceReplaced } from './errors';
import { noteTypes } from './taken-types';

/** One order of positions that a consumer follows: a log, and on Kafka one partition of one topic of it. */
export interface Lane {
  source: string;
  /** Empty for the database driver, which reads all topics in one order. */
  topic: string;
  partition: number;
}

@Entity('consumer_progress')
export class ConsumerProgress implements Lane {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('text')
  topic: string;

  @PrimaryColumn('integer')
  partition: number;

  /** The last position whose effect is committed. */
  @Column('integer')
  position: number;
}

/** Another process with the same consumer has moved the progress. Nothing of this unit may be kept. */
export class ProgressMoved extends Error {
  override name = 'ProgressMoved';
}

/** How far one consumer has come in one lane: a number that moves with the effects, by compare-and-set. */
export class Progress {
  private last = 0;

  constructor(
    private readonly log: EventLog,
    private readonly key: Lane & { consumer: string },
  ) {}

  get position(): number {
    return this.last;
  }

  /** Reads the stored position, or stores the one to begin behind. */
  async open(types: string[], begin: () => Promise<number>): Promise<void> {
    const stored = await this.log.reading.manager.existsBy(ConsumerProgress, this.key);
    const first = stored ? 0 : await begin();
    await this.log
      .transaction(async ({ rows }) => {
        if (!stored) await rows.insert(ConsumerProgress, { ...this.key, position: first });
        const { position } = await rows.findOneByOrFail(ConsumerProgress, this.key);
        await noteTypes(rows, this.key, position + 1, types);
      }, 'consumer')
      .catch((error: unknown) => {
        // Two processes began at once: the first one's start stands.
        if (!isUniqueViolation(error)) throw error;
      });
    await this.reload();
  }

  /** @throws InstanceReplaced */
  async reload(): Promise<void> {
    const stored = await this.log.reading.manager.findOneBy(ConsumerProgress, this.key);
    if (!stored) throw new InstanceReplaced(this.key.consumer);
    this.last = stored.position;
  }

  /** The first statement of every unit of a consumer. It locks the row: whoever comes second finds it moved. */
  async move(tx: UnitOfWork, to: number): Promise<void> {
    const from = this.last;
    const { affected } = await tx.rows.update(ConsumerProgress, { ...this.key, position: from }, { position: to });
    if (affected !== 1) throw new ProgressMoved();
    tx.afterCommit(() => {
      this.last = to;
    });
  }
}
