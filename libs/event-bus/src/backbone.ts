import { type DynamicModule, Module } from '@nestjs/common';
import { EventLog, type EventLogOptions } from '@magasin/event-log';
import { DataSource } from 'typeorm';
import { AuditEntry } from './audit';
import { type DatabaseBusOptions, DatabaseEventBus } from './drivers/database.event-bus';
import { EventBus } from './event-bus';
import { ActiveInstance, ConsumerInstance } from './instance';
import { ParkedAttempt, ParkedEvent, ParkedStream } from './parked';
import { ConsumerProgress } from './progress';
import { CreateConsumers1764000000100 } from './schema';
import { TrailEntry } from './trail';

export interface BackboneOptions extends Omit<EventLogOptions, 'entities' | 'migrations'>, DatabaseBusOptions {
  entities: Function[];
  migrations: Function[];
}

/** A log and the bus that carries it. One for each process: its apps share it. */
export interface Backbone {
  log: EventLog;
  bus: EventBus;
}

const busEntities = [
  ConsumerProgress,
  TrailEntry,
  ParkedStream,
  ParkedEvent,
  ParkedAttempt,
  ConsumerInstance,
  ActiveInstance,
  AuditEntry,
];

export async function openBackbone({ retries, ...options }: BackboneOptions): Promise<Backbone> {
  const log = await EventLog.open({
    ...options,
    entities: [...busEntities, ...options.entities],
    migrations: [CreateConsumers1764000000100, ...options.migrations],
  });
  return { log, bus: new DatabaseEventBus(log, { retries }) };
}

/** Makes EventLog, EventBus and (for reading) injected repositories available in a Nest app. */
@Module({})
export class EventBackboneModule {
  static forRoot({ log, bus }: Backbone): DynamicModule {
    const providers = [
      { provide: EventLog, useValue: log },
      { provide: EventBus, useValue: bus },
      { provide: DataSource, useValue: log.reading },
    ];
    return { module: EventBackboneModule, global: true, providers, exports: providers };
  }
}
