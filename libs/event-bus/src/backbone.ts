import { EventLog, type EventLogOptions } from '@magasin/event-log';
import { AuditEntry } from './audit';
import { type DatabaseBusOptions, DatabaseEventBus } from './drivers/database.event-bus';
import type { EventBus } from './event-bus';
import { ActiveInstance, ConsumerInstance } from './instance';
import { ParkedAttempt, ParkedEvent, ParkedStream } from './parked';
import { ConsumerProgress } from './progress';
import { CreateConsumers1764000000100 } from './schema';
import { type Imports, type Tables, tablesOf, together } from './tables';
import { TakenTypes } from './taken-types';
import { TrailEntry } from './trail';

export interface BackboneOptions extends Omit<EventLogOptions, 'entities' | 'migrations'>, DatabaseBusOptions, Tables {
  /** Nest modules whose tables (`EventBackboneModule.forFeature`) the log gets: for a log that several apps share. */
  modules?: Imports;
}

/** A log and the bus that carries it. One for each process: its apps share it. */
export interface Backbone {
  log: EventLog;
  bus: EventBus;
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
  const { retries, modules = [], entities, migrations, ...rest } = options;
  const tables = together([OWN, { entities, migrations }, await tablesOf(modules)]);
  const log = await EventLog.open({ ...rest, ...tables });
  return { log, bus: new DatabaseEventBus(log, { retries }) };
}
