import { EventLog, type EventLogOptions } from '@magasin/event-log';
import { AuditEntry } from './audit';
import { DatabaseEventBus } from './drivers/database.event-bus';
import { type KafkaBusOptions, KafkaEventBus } from './drivers/kafka/kafka.event-bus';
import { KafkaPublisher } from './drivers/kafka/kafka.publisher';
import type { EventBus } from './event-bus';
import { ActiveInstance, ConsumerInstance } from './instance';
import { ParkedAttempt, ParkedEvent, ParkedStream } from './parked';
import { ConsumerProgress } from './progress';
import { Redis } from './redis/redis';
import { WakeUp } from './redis/wake-up';
import { Relay } from './relay';
import type { RetryPolicy } from './retry-policy';
import { CreateConsumers1764000000100 } from './schema';
import { type Imports, type Tables, tablesOf, together } from './tables';
import { TakenTypes } from './taken-types';
import { TrailEntry } from './trail';

export interface BackboneOptions extends Omit<EventLogOptions, 'entities' | 'migrations'>, Tables {
  /** When parked streams are tried again. */
  retries?: RetryPolicy;
  /** Nest modules whose tables (`EventBackboneModule.forFeature`) the log gets: for a log that several apps share. */
  modules?: Imports;
  /** The bus over Kafka; without it, the one in the database. */
  kafka?: Omit<KafkaBusOptions, 'retries' | 'relay' | 'onWake'>;
  /** `redis://…` or `rediss://…`: processes on one log that name the same one wake each other. */
  redis?: string;
}

/** A log and the bus that carries it. One for each process: its apps share it. */
export interface Backbone {
  log: EventLog;
  bus: EventBus;
  /** Closed last, by whoever closes the log. */
  redis?: Redis;
}

const OWN: Tables = {
  entities: [
    ConsumerProgress,
    TakenTypes,
    TrailEntry,
    ParkedStream,
    ParkedEvent,
    ParkedAttempt,
    ConsumerInstance,
    ActiveInstance,
    AuditEntry,
  ],
  migrations: [CreateConsumers1764000000100],
};

/** Opens the log and brings its tables up to date. The bus carries nothing before `bus.start()`. */
export async function openBackbone(options: BackboneOptions): Promise<Backbone> {
  const { retries, kafka, redis: url, modules, entities, migrations, ...rest } = options;
  const log = await EventLog.open({ ...rest, ...(await tablesOfBackbone({ modules, entities, migrations })) });
  const relay = kafka
    ? new Relay(log, () => new KafkaPublisher(kafka))
    : log.outbox.numbers
      ? new Relay(log)
      : undefined;
  const redis = url ? new Redis(url) : undefined;
  const hear = { committed: () => relay?.look(), numbered: () => log.heard(), due: () => bus.look() };
  const wakeUp = redis && new WakeUp(redis, log, hear);
  const shared = { retries, relay, onWake: () => wakeUp?.say('due') };
  const bus = kafka ? new KafkaEventBus(log, { ...shared, ...kafka }) : new DatabaseEventBus(log, shared);
  return { log, bus, redis };
}

/** All tables of such a log beside its own: those of the bus, and those that it is given. */
export const tablesOfBackbone = async ({
  modules = [],
  ...given
}: Pick<BackboneOptions, 'modules' | 'entities' | 'migrations'>): Promise<Required<Tables>> =>
  together([OWN, given, await tablesOf(modules)]);
