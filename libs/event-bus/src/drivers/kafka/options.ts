import type { RetryPolicy } from '../../retry-policy';
import type { Past } from '../../past';

export interface KafkaOptions {
  /** `host:port`, one or more. */
  brokers: string[];
  /** Told to the broker, so that its people know who is connected. Default `magasin`. */
  clientId?: string;
  /** Put before every topic: for tests that share a broker. Default: none. */
  topicPrefix?: string;
  /** Put before the name of every consumer, which is the name of its group. Default: none. */
  groupPrefix?: string;
  /**
   * A member of a group that shows no life for so long, in milliseconds, loses its partitions to the others. Default
   * 10,000; not less than `group.min.session.timeout.ms` of the broker.
   */
  sessionMs?: number;
}

export interface KafkaConsumerOptions extends KafkaOptions {
  retries?: RetryPolicy;
  /**
   * What to do where a topic has forgotten events that the consumer has not taken. `stop`: its partition stops with
   * EventsMissing, until somebody decides. `log`: they are read in the log of their source, where it can be read.
   */
  missingEvents?: 'stop' | 'log';
  /**
   * For consumers with a database of their own: where the owner of their events serves `GET /events`. A new one goes
   * through all that is recorded there before it follows its topics. Without it, the log in its own database is the past.
   */
  owner?: string;
  /** The past itself, instead. */
  past?: Past;
}
