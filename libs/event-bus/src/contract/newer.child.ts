// A process of a newer release: it records a type of event that the others do not know, beside one that they do.
import { DomainEvent, EventContract, UserCreated } from '@magasin/contracts';
import { Logger } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { on } from '../event-bus';
import { ConsumerProgress, HANDED_OVER } from '../progress';
import { type Address, Effect, openProcess, record, upTo, user } from './effects';
import { eventually } from './scene';

@EventContract<UserMoved>({ topic: 'user-events', schemaVersion: 1, stream: ({ id }) => `user-${id}` })
class UserMoved extends DomainEvent {
  @IsInt()
  id: number;
}

async function main(address: Address): Promise<void> {
  Logger.overrideLogger(false);
  const { log, bus } = await openProcess(address);
  bus.subscribe({
    name: 'newer',
    handlers: [UserCreated, UserMoved].map((type) =>
      on(type, async (_, tx, { consumer, stream, version }) => {
        await tx.rows.insert(Effect, { consumer, stream, version, name: type.name });
      }),
    ),
  });
  await bus.start();
  // By topics only what the relay publishes comes to it.
  await eventually(() => log.reading.manager.existsBy(ConsumerProgress, { consumer: 'newer', position: HANDED_OVER }));
  for (const id of upTo(20)) await record(log, user(1 + (id % 4)), UserMoved.of({ id: 1 + (id % 4) }));
}

void main(JSON.parse(process.argv[2]) as Address);
