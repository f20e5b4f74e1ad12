import { Logger } from '@nestjs/common';
import { PartitionsDiffer } from '../../errors';
import '../../mend-kafkajs';
import type { KafkaOptions } from './options';
import { type KafkaConfig, type LogEntry, logLevel } from 'kafkajs';

/**
 * One user of the brokers: its settings, and whether they are there. kafkajs prints several lines for every try; here a
 * change is said once. Tries go on until `close()`, with pauses of 2 seconds at most.
 */
export class Broker {
  /** Why it is away, undefined while it is there. */
  trouble?: Error;
  /** When it was last seen, there or away: milliseconds since 1970. */
  seenAt = Date.now();
  /** What is known of topics is that old at most: they may be deleted, and made again otherwise. In milliseconds. */
  readonly metadataMaxAge = 5_000;
  private closed = false;
  private readonly logger: Logger;

  constructor(
    readonly options: KafkaOptions,
    /** Who needs it: the prefix of its lines in the log. */
    user: string,
  ) {
    this.logger = new Logger(user);
  }

  get config(): KafkaConfig {
    const { brokers, clientId = 'magasin' } = this.options;
    return {
      brokers,
      clientId,
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      retry: this.retry,
      logCreator: () => (entry) => this.hear(entry),
      // What kafkajs warns of is its own affair: it tries again. Errors are heard for what they say of the broker.
      logLevel: logLevel.ERROR,
    };
  }

  /** As kafkajs calls it, for each part of it that has tries of its own. */
  get retry() {
    // kafkajs compares with it before each try and has no other way to end one that waits for its next.
    const retries = { valueOf: () => (this.closed ? 0 : Infinity) } as unknown as number;
    return { initialRetryTime: 100, maxRetryTime: 2_000, retries };
  }

  here(): void {
    this.seenAt = Date.now();
    if (this.trouble) this.logger.log('Kafka is there again');
    this.trouble = undefined;
  }

  away(error: Error): void {
    this.seenAt = Date.now();
    if (this.closed) return;
    const words = error instanceof PartitionsDiffer ? error.message : `Kafka is away: ${error.message}`;
    if (!this.trouble) this.logger.warn(words);
    this.trouble = error;
  }

  /** Ends all tries: what waits for the broker fails within 3 seconds. */
  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
  }

  /** @throws Error after close() */
  mustBeOpen(): void {
    if (this.closed) throw new Error('This connection to Kafka is closed.');
  }

  private hear({ namespace, log }: LogEntry): void {
    const { message, error, broker } = log as typeof log & { error?: string; broker?: string };
    // Other errors are answers of a broker: it is there.
    if (namespace !== 'Connection' || !/^Connection (error|timeout)/.test(message)) return;
    this.away(new Error(`${broker ?? this.options.brokers.join()}: ${error ?? message}`));
  }
}
