import type { Consumer, Counts } from '../event-bus';
import { ConsumerLoop } from './consumer-loop';
import type { Runner } from './runner';
import { type BusOptions, SupervisedEventBus } from './supervised.event-bus';

export type DatabaseBusOptions = BusOptions;

/** The embedded bus: consumers read the log itself, woken by its commits. No broker, no second process. */
export class DatabaseEventBus extends SupervisedEventBus {
  protected override live(consumer: Consumer, counts: Counts): Runner {
    return new ConsumerLoop(this.log, consumer, { retries: this.options.retries, counts });
  }
}
