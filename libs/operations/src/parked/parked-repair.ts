import {
  audit,
  editEvent,
  EventBus,
  ParkedEvent,
  ParkedStream,
  type Person,
  retryGroup,
  retryNow,
  SKIP_EVENT,
  skipFirst,
} from '@magasin/event-bus';
import { EventLog, InvalidEvent } from '@magasin/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { EditingIsOff, EditRefused, ParkedOtherwise, StreamNotParked } from './errors';
import type { EditEvent, RetryGroup, RetryStream, SkipEvent, StreamQuery } from './input';
import type { GroupRetried } from './views';

/** How many streams of a group are made due in one unit: commands wait for it. */
const STEP = 100;

/** Whether parked events may be edited. */
export const EDITING = Symbol('EDITING');

/** What people do to parked streams. Each is one unit with its note in the audit; who comes second is refused. */
@Injectable()
export class ParkedRepair {
  constructor(
    private readonly log: EventLog,
    private readonly bus: EventBus,
    @Inject(EDITING) private readonly editing: boolean,
  ) {}

  /** @throws StreamNotParked, ParkedOtherwise */
  async retry(order: RetryStream): Promise<void> {
    const key = this.keyOf(order);
    const done = await this.log.transaction(async (tx) => {
      const changed = await retryNow(tx, key);
      tx.afterCommit(() => this.bus.wake());
      if (!changed) return false;
      // What is tried: its way tells of it.
      const { position } = await tx.rows.findOneOrFail(ParkedEvent, { where: key, order: { position: 'ASC' } });
      await audit(tx, personOf(order), { action: 'retry-stream', subject: subjectOf(order), ...key, position });
      return true;
    });
    if (!done) await this.refuse(order, 'it is being tried already');
  }

  async retryGroup(order: RetryGroup): Promise<GroupRetried> {
    const { consumer, error_key, until = Date.now() } = order;
    const streams = await this.log.transaction(async (tx) => {
      const changed = await retryGroup(tx, { consumer, error_key, until }, STEP);
      tx.afterCommit(() => this.bus.wake());
      const detail = { until, streams: changed.map(({ stream }) => stream) };
      const subject = `${consumer} error ${error_key}`;
      if (changed.length > 0) await audit(tx, personOf(order), { action: 'retry-group', subject, consumer, detail });
      return changed;
    });
    return { until, retried: streams.length, more: streams.length === STEP };
  }

  /** @throws StreamNotParked, ParkedOtherwise */
  async skip(order: SkipEvent): Promise<void> {
    const key = this.keyOf(order);
    const { position } = order;
    const done = await this.log.transaction(async (tx) => {
      const skipped = await skipFirst(tx, key, position);
      tx.afterCommit(() => this.bus.wake());
      if (skipped)
        await audit(tx, personOf(order), { action: SKIP_EVENT, subject: subjectOf(order), ...key, position });
      return skipped;
    });
    if (!done) await this.refuse(order, `event ${position} is not its first one any more`);
  }

  /** @throws EditingIsOff, EditRefused, StreamNotParked, ParkedOtherwise */
  async edit(order: EditEvent): Promise<void> {
    if (!this.editing) throw new EditingIsOff();
    const key = this.keyOf(order);
    const { position, revision, data } = order;
    const payload = JSON.stringify(data);
    const before = await this.log
      .transaction(async (tx) => {
        const replaced = await editEvent(tx, key, { position, revision }, payload);
        tx.afterCommit(() => this.bus.wake());
        if (replaced === undefined) return undefined;
        const detail = { before: replaced, after: payload };
        await audit(tx, personOf(order), { action: 'edit-event', subject: subjectOf(order), ...key, position, detail });
        return replaced;
      })
      .catch((error: unknown) => {
        throw error instanceof InvalidEvent ? new EditRefused(error.violations) : error;
      });
    if (before === undefined) {
      await this.refuse(order, `event ${position} waits no more, or somebody has edited it since revision ${revision}`);
    }
  }

  private keyOf({ consumer, stream, source = this.log.identity }: StreamQuery) {
    return { consumer, source, stream };
  }

  private async refuse(order: StreamQuery, why: string): Promise<never> {
    const parked = await this.log.reading.manager.existsBy(ParkedStream, this.keyOf(order));
    throw parked ? new ParkedOtherwise(order.stream, why) : new StreamNotParked(order.consumer, order.stream);
  }
}

const personOf = ({ who, why }: Person): Person => ({ who, why });
const subjectOf = ({ consumer, stream }: StreamQuery): string => `${consumer} ${stream}`;
