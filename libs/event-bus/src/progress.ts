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

/**
 * The place in the log of a consumer that follows topics by now: beyond every event, so that no process takes one from
 * the log any more. Where it was stands in the first entry of `consumer_types` of its lanes.
 */
export const HANDED_OVER = Number.MAX_SAFE_INTEGER;

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

  /**
   * The first statement of every unit of a consumer. It locks the row: whoever comes second finds it moved. Almost always
   * no stream of the consumer is parked, and the same statement says so. Resolves to whether any is.
   */
  async move(tx: UnitOfWork, from: number, to: number): Promise<{ parked: boolean }> {
    const noneParked = await this.moves(
      tx,
      from,
      to,
      'AND NOT EXISTS (SELECT 1 FROM parked_stream p WHERE p.consumer = ? AND p.source = ?)',
    );
    if (!noneParked && !(await this.moves(tx, from, to))) throw new ProgressMoved();
    tx.afterCommit(() => {
      this.last = to;
    });
    return { parked: !noneParked };
  }

  private async moves(tx: UnitOfWork, from: number, to: number, condition = ''): Promise<boolean> {
    const { consumer, source, topic, partition } = this.key;
    const sql = `UPDATE consumer_progress SET position = ?
      WHERE consumer = ? AND source = ? AND topic = ? AND \`partition\` = ? AND position = ? ${condition}`;
    const parameters = [to, consumer, source, topic, partition, from, ...(condition ? [consumer, source] : [])];
    const { affected } = await tx.rows.queryRunner!.query(sql, parameters, true);
    return affected === 1;
  }
}
