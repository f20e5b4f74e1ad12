import { DomainEvent } from '@magasin/contracts';
import type { RecordedEvent } from '@magasin/event-log';
import type { Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { TestingModule } from '@nestjs/testing';
import type { Backbone } from '../backbone';
import { ParkedEvent } from '../parked';
import { tablesOfApp } from '../tables';
import { wayOf } from '../way';
import { type Act, inWords, perform } from './act';
import type { Sentence } from './sentence';
import { settled } from './settled';

/** A consumer that did not come through, and why. */
export interface Trouble {
  kind: 'parked' | 'paused';
  consumer: string;
  error: string;
}

type Rows = Record<string, object[]>;

/** What an act has led to, when all consumers are done with it. */
export interface Outcome {
  answer?: unknown;
  refusal?: unknown;
  /** What was recorded because of it: an event that was the act itself is not among them. */
  events: RecordedEvent[];
  before: Rows;
  after: Rows;
  troubles: Trouble[];
}

export async function outcomeOf(app: TestingModule, backbone: Backbone, act: Act): Promise<Outcome> {
  const before = await allRows(app, backbone);
  let answer: unknown;
  let refusal: unknown;
  const { events, troubles } = await consequences(backbone, async () => {
    try {
      answer = await perform(app, act);
    } catch (error) {
      refusal = error;
    }
  });
  const after = await allRows(app, backbone);
  return { answer, refusal, events: act instanceof DomainEvent ? events.slice(1) : events, before, after, troubles };
}

/** Lets something happen, and waits until all consumers are done with it. */
export async function consequences(
  backbone: Backbone,
  happen: () => Promise<void>,
): Promise<Pick<Outcome, 'events' | 'troubles'>> {
  const { history } = backbone.log;
  const head = await history.head();
  await happen();
  const held = await settled(backbone);
  const events = await history.after(head, 10_000);
  const paused = held.map(({ consumer, error = '' }): Trouble => ({ kind: 'paused', consumer, error }));
  return { events, troubles: [...paused, ...(await parked(backbone, events))] };
}

/** Says of the consumers that did not come through that they were not expected to fail. */
export function mustComeThrough(sentence: Sentence, troubles: Trouble[]): void {
  for (const { kind, consumer, error } of troubles) sentence.fail(`the consumer ${consumer} is ${kind}: ${error}`);
}

/** In the order of their keys. */
export function rowsOf<T extends object>({ log }: Backbone, entity: Type<T>): Promise<T[]> {
  const rows = log.reading.getRepository(entity);
  const keys = rows.metadata.primaryColumns.map(({ propertyName }) => [propertyName, 'ASC']);
  return rows.find({ order: Object.fromEntries(keys) as object });
}

async function allRows(app: TestingModule, backbone: Backbone): Promise<Rows> {
  const rows: Rows = {};
  for (const entity of tablesOfApp(app.get(ModulesContainer)).entities) {
    rows[entity.name] = await rowsOf(backbone, entity as Type<object>);
  }
  return rows;
}

async function parked({ log }: Backbone, events: RecordedEvent[]): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const waiting = new Set((await log.reading.manager.find(ParkedEvent)).map(({ position }) => position));
  for (const event of events.filter(({ position }) => waiting.has(position))) {
    for (const { consumer, state, attempts } of await wayOf(log, { ...event, source: log.identity })) {
      const [what, where = ''] = (attempts[0]?.error ?? `its stream ${event.stream} was parked before`).split('\n');
      if (state === 'parked') troubles.push({ kind: 'parked', consumer, error: `${what}\n${where}`.trimEnd() });
    }
  }
  return troubles;
}

export const eventsInWords = (events: RecordedEvent[]): string =>
  events.length === 0 ? 'nothing was recorded' : `this was recorded: ${events.map(eventInWords).join(', ')}`;

function eventInWords({ type, payload }: RecordedEvent): string {
  const facts = Object.entries(JSON.parse(payload) as object).filter(([name]) => !['event', 'datetime'].includes(name));
  return `${type} ${inWords(Object.fromEntries(facts))}`;
}
