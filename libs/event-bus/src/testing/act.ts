import { inspect } from 'node:util';
import { DomainEvent } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
import { CommandBus, type ICommand, Query, QueryBus } from '@nestjs/cqrs';
import type { TestingModule } from '@nestjs/testing';

/** What may happen: an event is recorded, a command or a query goes to its bus, a function is called with the app. */
export type Act = DomainEvent | ICommand | ((app: TestingModule) => unknown);

export async function perform(app: TestingModule, act: Act): Promise<unknown> {
  if (typeof act === 'function') return (act as (app: TestingModule) => unknown)(app);
  if (act instanceof DomainEvent) return app.get(EventLog).transaction(async (tx) => tx.record(act));
  if (act instanceof Query) return app.get(QueryBus).execute(act);
  return app.get(CommandBus).execute(act);
}

/** `DeleteUser { id: 6 }` */
export const inWords = (act: unknown): string =>
  typeof act === 'function' ? shortened(act.toString()) : inspect(act, { depth: 4, breakLength: Infinity });

function shortened(source: string): string {
  const line = source.replaceAll(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
