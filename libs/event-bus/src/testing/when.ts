import { inspect } from 'node:util';
import type { DomainEvent } from '@magasin/contracts';
import type { Type } from '@nestjs/common';
import type { Backbone } from '../backbone';
import { inWords } from './act';
import { eventsInWords, mustComeThrough, type Outcome, rowsOf, type Trouble } from './outcome';
import type { Sentence } from './sentence';

/** Await it: it rejects with ScenarioFailed when the sentence is not true. It may go on: `….then(…).andRows(…)`. */
export interface Then extends Promise<void> {
  andRows<T extends object>(entity: Type<T>, rows: Partial<T>[]): Then;
  andAnswers(answer: unknown): Then;
}

type Check = (outcome: Outcome) => void | Promise<void>;

/** A sentence up to its `when`. What it says happens when it is ended with a `then…`. */
export class When {
  constructor(
    private readonly backbone: Backbone,
    private readonly sentence: Sentence,
    private readonly run: () => Promise<Outcome>,
  ) {}

  /** Exactly these events were recorded, in this order. */
  // The sentence reads so. TypeScript refuses to await a `when` alone, since this `then` takes events.
  // oxlint-disable-next-line unicorn/no-thenable
  then(event: DomainEvent, ...more: DomainEvent[]): Then {
    if (typeof event === 'function') throw new Error('A `when` was awaited. End the sentence with a `then…`.');
    const expected = [event, ...more];
    for (const one of expected) this.sentence.say('then', inWords(one));
    return this.check(({ events }) => {
      const recorded = events.map(({ payload }) => facts(JSON.parse(payload) as object));
      const wanted = expected.map((one) => facts({ event: one.constructor.name, ...one }));
      this.sentence.mustEqual(recorded, wanted, eventsInWords(events));
    });
  }

  /** The table has exactly these rows, by their keys; of each the members that are named are compared. */
  thenRows<T extends object>(entity: Type<T>, rows: Partial<T>[]): Then {
    return this.check(this.rowsAre(entity, rows));
  }

  /** The command, the query or the function answered so. */
  thenAnswers(answer: unknown): Then {
    return this.check(this.answerIs(answer));
  }

  /** No event was recorded because of it, and no row changed. */
  thenNothing(): Then {
    this.sentence.say('then', 'nothing');
    return this.check((outcome) => this.mustHaveLeftNothing(outcome));
  }

  /** It was refused with this error, and nothing was kept: no event, no row. */
  thenRefused(error: abstract new (...args: never[]) => Error): Then {
    this.sentence.say('then', `it is refused: ${error.name}`);
    return this.checkAll((outcome) => {
      const { refusal, answer, troubles } = outcome;
      if (!refusal) this.sentence.fail(`it was done, and answered ${inWords(answer)}`);
      if (!(refusal instanceof error)) this.sentence.fail(`it was refused otherwise: ${inspect(refusal)}`);
      mustComeThrough(this.sentence, troubles);
      this.mustHaveLeftNothing(outcome);
    });
  }

  /** The consumer failed on an event, with an error that says this, and has parked its stream. */
  thenParked(consumer: string, error: string): Then {
    return this.thenTrouble({ kind: 'parked', consumer, error });
  }

  /** The consumer waits for something that is away (`Unavailable`), with an error that says this. */
  thenPaused(consumer: string, error: string): Then {
    return this.thenTrouble({ kind: 'paused', consumer, error });
  }

  private thenTrouble({ kind, consumer, error }: Trouble): Then {
    this.sentence.say('then', `the consumer ${consumer} is ${kind}: ${error}`);
    const expected = (one: Trouble) => one.kind === kind && one.consumer === consumer && one.error.includes(error);
    return this.checkAll(({ troubles, refusal }) => {
      this.mustNotBeRefused(refusal);
      const others = troubles.filter((one) => !expected(one));
      mustComeThrough(this.sentence, others);
      if (others.length === troubles.length) this.sentence.fail('it has come through');
    });
  }

  /** A check of what went well. */
  private check(check: Check): Then {
    return this.checkAll((outcome) => {
      this.mustNotBeRefused(outcome.refusal);
      mustComeThrough(this.sentence, outcome.troubles);
      return check(outcome);
    });
  }

  private checkAll(check: Check): Then {
    const outcome = this.run();
    return this.goOn(outcome, outcome.then(check));
  }

  private goOn(outcome: Promise<Outcome>, truth: Promise<void>): Then {
    const and = (check: Check): Then => {
      const next = truth.then(async () => check(await outcome));
      return this.goOn(outcome, next);
    };
    return Object.assign(truth, {
      andRows: <T extends object>(entity: Type<T>, rows: Partial<T>[]) => and(this.rowsAre(entity, rows)),
      andAnswers: (answer: unknown) => and(this.answerIs(answer)),
    });
  }

  private mustNotBeRefused(refusal: unknown): void {
    if (refusal !== undefined) this.sentence.fail(`it was refused: ${inspect(refusal)}`);
  }

  private mustHaveLeftNothing({ events, before, after }: Outcome): void {
    if (events.length > 0) this.sentence.fail(eventsInWords(events));
    this.sentence.mustEqual(after, before, 'rows have changed');
  }

  private answerIs(expected: unknown): Check {
    this.sentence.say('then', `it answers ${inWords(expected)}`);
    return ({ answer }) => this.sentence.mustEqual(answer, expected, `it answered ${inWords(answer)}`);
  }

  private rowsAre<T extends object>(entity: Type<T>, expected: Partial<T>[]): Check {
    this.sentence.say('then', `the rows of ${entity.name} are ${inWords(expected)}`);
    const named = (row: T, index: number) =>
      Object.keys(expected[index] ?? expected[0] ?? row).map((key) => [key, row[key as keyof T]]);
    return async () => {
      const rows = (await rowsOf(this.backbone, entity)).map((row, index) => Object.fromEntries(named(row, index)));
      this.sentence.mustEqual(rows, expected, `the rows of ${entity.name} are others`);
    };
  }
}

/** Without the moment, which no test can know. */
const facts = (event: object): object => ({ ...event, datetime: undefined });
