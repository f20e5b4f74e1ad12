import type { RecordedEvent } from '@magasin/event-log';

/** An event on its way to a topic. */
export interface Outgoing extends RecordedEvent {
  /** The identity of the log that it comes from. */
  source: string;
  partition: number;
  /** The position of the event before it on this topic and partition, 0 when there is none. */
  previous: number;
}

/** Where the relay publishes to. It never gives up by itself: whoever calls has a deadline. */
export interface Publisher {
  /**
   * How many partitions a topic has.
   * @throws Error when the topic is not there or not as it must be: nothing is published to it then
   */
  partitionsOf(topic: string): Promise<number>;
  /** Resolves when the topic has all of them durably, in this order. After an error some of them may be there. */
  publish(topic: string, events: Outgoing[]): Promise<void>;
  close(): Promise<void>;
}
