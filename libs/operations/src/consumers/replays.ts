import { createHash } from 'node:crypto';
import { audit, type Consumer, EventBus, orderInstance, readEvent } from '@magasin/event-bus';
import { EventLog, type RecordedEvent } from '@magasin/event-log';
import { InvalidInput } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import {
  ConsumerNotHere,
  InstanceRunning,
  RebuildRefused,
  ReplayChanged,
  ReplayRefused,
  ReplayTooLong,
} from './errors';
import type { Range, Rebuild, Replay } from './input';
import type { InstanceOrdered, Rehearsal } from './views';

/** Each event costs a look-up, and the caller waits. */
export const LONGEST_RANGE = 100_000;
const PAGE = 500;
const SHOWN = 500;

/** Replays a part of the log into a live consumer, and rebuilds a consumer from the whole of it. */
@Injectable()
export class Replays {
  constructor(
    private readonly log: EventLog,
    private readonly bus: EventBus,
  ) {}

  /** @throws ConsumerNotHere, ReplayRefused, ReplayTooLong */
  async rehearse(asked: Range): Promise<Rehearsal> {
    const consumer = this.consumer(asked.consumer);
    if (!consumer.preview) throw new ReplayRefused(asked.consumer);
    const range = await this.bounded(asked, consumer);
    const rehearsal = { ...range, events: 0, unreadable: 0, effects: 0, would_make: [] as Rehearsal['would_make'] };
    const all = createHash('sha256').update(JSON.stringify(range));
    for await (const event of this.eventsOf(range)) {
      rehearsal.events += 1;
      const effects = await this.effectsOf(consumer, event);
      if (!effects) rehearsal.unreadable += 1;
      for (const effect of effects ?? []) {
        const { position, type, stream } = event;
        rehearsal.effects += 1;
        if (rehearsal.would_make.length < SHOWN) rehearsal.would_make.push({ position, type, stream, effect });
        all.update(JSON.stringify([position, effect]));
      }
    }
    return { ...rehearsal, token: all.digest('hex').slice(0, 32) };
  }

  /** Begins what a dry run has shown. @throws as rehearse(), and ReplayChanged, InstanceRunning */
  async begin({ who, why, token, ...asked }: Replay): Promise<InstanceOrdered> {
    const rehearsal = await this.rehearse(asked);
    if (rehearsal.token !== token) throw new ReplayChanged();
    const { consumer, from, to, types, events, effects } = rehearsal;
    const range = { from_position: from, to_position: to, types: JSON.stringify(types) };
    const detail = { from, to, types, events, effects };
    return this.order({ who, why }, { consumer, purpose: 'replay', ...range }, detail);
  }

  /** @throws ConsumerNotHere, RebuildRefused, InstanceRunning */
  async rebuild({ who, why, consumer }: Rebuild): Promise<InstanceOrdered> {
    if (!this.consumer(consumer).discard) throw new RebuildRefused(consumer);
    return this.order({ who, why }, { consumer, purpose: 'rebuild' });
  }

  private async order(
    person: { who: string; why: string },
    order: Parameters<typeof orderInstance>[1],
    detail?: unknown,
  ): Promise<InstanceOrdered> {
    const { consumer, purpose } = order;
    const instance = await this.log.transaction(async (tx) => {
      const ordered = await orderInstance(tx, order);
      if (ordered) await audit(tx, person, { action: purpose, subject: ordered, consumer, detail });
      tx.afterCommit(() => this.bus.wake());
      return ordered;
    });
    if (!instance) throw new InstanceRunning(consumer, purpose);
    return { instance };
  }

  private consumer(name: string): Consumer {
    const { consumers } = this.bus;
    const found = consumers.find((consumer) => consumer.name === name);
    if (!found)
      throw new ConsumerNotHere(
        name,
        consumers.map((consumer) => consumer.name),
      );
    return found;
  }

  /** The range within the log, and the types that the consumer handles. */
  private async bounded({ consumer, from, to, types }: Range, { handlers }: Consumer): Promise<Required<Range>> {
    const handled = handlers.map(({ event }) => event.name);
    const unknown = (types ?? []).filter((type) => !handled.includes(type));
    if (unknown.length > 0) {
      const detail = `${consumer} does not handle ${unknown.join(', ')}. It handles ${handled.join(', ')}.`;
      throw new InvalidInput([{ detail, pointer: '#/types' }]);
    }
    const last = Math.min(to, await this.log.history.head());
    if (from > last) {
      throw new InvalidInput([{ detail: `there is no event from ${from} to ${to}`, pointer: '#/from' }]);
    }
    if (last - from >= LONGEST_RANGE) throw new ReplayTooLong(LONGEST_RANGE);
    return { consumer, from, to: last, types: (types ?? handled).toSorted() };
  }

  private async *eventsOf({ from, to, types }: Required<Range>): AsyncGenerator<RecordedEvent> {
    for (let after = from - 1; after < to; after += PAGE) {
      const page = await this.log.history.after(after, Math.min(PAGE, to - after));
      yield* page.filter(({ type }) => types.includes(type));
    }
  }

  /** Undefined when the event can not be read. */
  private async effectsOf(consumer: Consumer, event: RecordedEvent): Promise<unknown[] | undefined> {
    const { event: eventClass } = consumer.handlers.find((handler) => handler.event.name === event.type)!;
    const delivery = { ...event, source: this.log.identity, consumer: consumer.name };
    let read;
    try {
      read = readEvent(eventClass, event.payload);
    } catch {
      return undefined;
    }
    return consumer.preview!(read, delivery, this.log.reading.manager);
  }
}
