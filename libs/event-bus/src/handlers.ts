import { InvalidEvent, LogUnavailable, runInTrace, traceOf, type UnitOfWork } from '@magasin/event-log';
import { type Arrival, type Consumer, type Handler, Unavailable } from './event-bus';
import { readEvent } from './read-event';

/** True for what is no event's fault: the consumer pauses, and nothing is parked. */
export const isOutage = (error: unknown): boolean => error instanceof Unavailable || error instanceof LogUnavailable;

/** The type of what nobody can read: not even what it is. It is everybody's, so that it is not passed over in silence. */
export const UNREADABLE = '';

/** What a consumer does on the types that it names. */
export class Handlers {
  private readonly byType: Map<string, Handler>;

  constructor(private readonly consumer: Consumer) {
    this.byType = new Map(consumer.handlers.map((handler) => [handler.event.name, handler]));
  }

  get types(): string[] {
    return [...this.byType.keys()];
  }

  wants(type: string): boolean {
    return type === UNREADABLE || this.byType.has(type);
  }

  /** @throws InvalidEvent, and whatever the handler throws */
  async handle(tx: UnitOfWork, arrival: Arrival): Promise<void> {
    const handler = this.byType.get(arrival.type);
    if (!handler) throw this.notHandled(arrival.type);
    const event = readEvent(handler.event, arrival.payload);
    const delivery = { ...arrival, consumer: this.consumer.name };
    await runInTrace(traceOf(arrival.metadata), () => handler.handle(event, tx, delivery));
  }

  /** Of what was parked, then: the consumer passes over what it does not handle. */
  private notHandled(type: string): InvalidEvent {
    if (type === UNREADABLE) return new InvalidEvent('An event', ['nobody can tell its type']);
    return new InvalidEvent(type, [`${this.consumer.name} does not handle it any more`]);
  }
}
