import { DomainEvent, EventContract } from '@magasin/contracts';
import { createTables, EventLog, type UnitOfWork } from '@magasin/event-log';
import { Injectable, Module } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { IsInt, IsString } from 'class-validator';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Repository } from 'typeorm';
import { EventBackboneModule, EventConsumer, On, Unavailable } from '..';

// A small module for the specs of this folder: seats are taken, an usher greets.
abstract class SeatFact extends DomainEvent {
  @IsInt()
  seat: number;
}

const declaration = { topic: 'seat-events', schemaVersion: 1, stream: ({ seat }: SeatFact) => `seat-${seat}` };

@EventContract(declaration)
export class SeatTaken extends SeatFact {
  @IsString()
  guest: string;
}

@EventContract(declaration)
export class SeatPaid extends SeatFact {}

@Entity('seat')
export class Seat {
  @PrimaryColumn('integer')
  seat: number;

  @Column('text')
  guest: string;
}

@Entity('greeting')
export class Greeting {
  @PrimaryColumn('text')
  text: string;
}

class CreateSeats1764000000902 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        'CREATE TABLE seat (seat INTEGER PRIMARY KEY, guest TEXT NOT NULL)',
        'CREATE TABLE greeting (text TEXT PRIMARY KEY)',
      ],
      mysql: {
        seat: 'seat INT NOT NULL PRIMARY KEY, guest VARCHAR(100) NOT NULL',
        greeting: 'text VARCHAR(100) NOT NULL PRIMARY KEY',
      },
    });
  }

  async down(): Promise<void> {}
}

export class SeatIsTaken extends Error {}
export class SeatIsBroken extends Error {}

export class TakeSeat extends Command<{ seat: number }> {
  constructor(
    readonly seat: number,
    readonly guest: string,
  ) {
    super();
  }
}

@CommandHandler(TakeSeat)
class TakeSeatHandler implements ICommandHandler<TakeSeat> {
  constructor(private readonly log: EventLog) {}

  execute({ seat, guest }: TakeSeat): Promise<{ seat: number }> {
    return this.log.transaction(async (tx) => {
      const taken = await tx.rows.findOneBy(Seat, { seat });
      if (taken?.guest === guest) return { seat };
      if (taken) throw new SeatIsTaken();
      await tx.rows.insert(Seat, { seat, guest });
      tx.record(SeatTaken.of({ seat, guest }));
      return { seat };
    });
  }
}

export class ListGuests extends Query<string[]> {}

@QueryHandler(ListGuests)
class ListGuestsHandler implements IQueryHandler<ListGuests> {
  constructor(@InjectRepository(Seat) private readonly seats: Repository<Seat>) {}

  async execute(): Promise<string[]> {
    return (await this.seats.find()).map(({ guest }) => guest);
  }
}

@Injectable()
export class Words {
  hello = 'Hello';
}

/** Greets, and has the rich pay at once. */
@EventConsumer('usher')
class Usher {
  constructor(private readonly words: Words) {}

  @On(SeatTaken)
  async greet({ seat, guest }: SeatTaken, tx: UnitOfWork): Promise<void> {
    if (guest === 'rude') throw new Error('not in this house');
    if (guest === 'late') throw new Unavailable('the usher has gone home');
    await tx.rows.insert(Greeting, { text: `${this.words.hello} ${guest}` });
    if (guest === 'rich') tx.record(SeatPaid.of({ seat }));
  }
}

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [Seat, Greeting], migrations: [CreateSeats1764000000902] })],
  providers: [TakeSeatHandler, ListGuestsHandler, Usher, Words],
})
export class SeatsModule {}
