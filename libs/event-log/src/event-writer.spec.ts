import { DomainEvent, EventContract, UserCreated } from '@magasin/contracts';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { InvalidEvent } from './errors';
import { EventWriter, MAX_EVENT_BYTES } from './event-writer';
import { userCreated } from './testing';

const declaration = { topic: 'note-events', schemaVersion: 3, stream: () => 'note-1' };

@EventContract(declaration)
class NoteWritten extends DomainEvent {
  @IsString()
  text: string;
}

class Line {
  @IsInt()
  quantity: number;
}

@EventContract(declaration)
class BasketFilled extends DomainEvent {
  @ValidateNested({ each: true })
  @Type(() => Line)
  lines: Line[];
}

class NeverDeclared extends DomainEvent {}

const writer = new EventWriter('America/Toronto');

function violationsOf(event: DomainEvent): string[] {
  try {
    writer.write(event);
  } catch (error) {
    if (error instanceof InvalidEvent) return error.violations;
    throw error;
  }
  return [];
}

describe('EventWriter', () => {
  it('writes the flat JSON that existing consumers read, datetime last', () => {
    const { payload, occurredAt } = new EventWriter('UTC').write(
      UserCreated.of({ id: 12, name: 'Zoë "Z" Öz', email: 'zoe@example.com', user_type_id: 1 }),
    );

    const datetime = `${new Date(occurredAt).toISOString().slice(0, -1).replace('T', ' ')}000`;
    expect(payload).toBe(
      `{"event":"UserCreated","id":12,"name":"Zoë \\"Z\\" Öz","email":"zoe@example.com","user_type_id":1,"datetime":"${datetime}"}`,
    );
  });

  it('names type, stream, schema version and topic', () => {
    const { type, stream, metadata } = writer.write(NoteWritten.of({ text: 'milk' }));

    expect({ type, stream, metadata }).toEqual({
      type: 'NoteWritten',
      stream: 'note-1',
      metadata: '{"schema_version":3,"topic":"note-events"}',
    });
  });

  it('gives a UUIDv7 that carries the time of the event', () => {
    const { id, occurredAt } = writer.write(userCreated(1));

    expect(id.readUIntBE(0, 6)).toBe(occurredAt);
    expect(id[6] >> 4).toBe(7);
    expect(id[8] >> 6).toBe(0b10);
  });

  it('never goes back in time, also when the clock was set back', () => {
    const restarted = new EventWriter('UTC');
    const before = Date.UTC(2091, 0, 1);
    restarted.startAfter(before);
    restarted.startAfter(before - 1);

    const { occurredAt, payload, id } = restarted.write(userCreated(1));

    expect(occurredAt).toBe(before);
    expect(id.readUIntBE(0, 6)).toBe(before);
    expect(payload).toContain('"datetime":"2091-01-01 00:00:00.000000"');
  });

  it('takes the clock when it is ahead', () => {
    const restarted = new EventWriter('UTC');
    restarted.startAfter(1);
    const before = Date.now();

    expect(restarted.write(userCreated(1)).occurredAt).toBeGreaterThanOrEqual(before);
  });

  it('names each violation of the schema', () => {
    const violations = violationsOf(UserCreated.of({ id: 0, name: '', email: 'nobody', user_type_id: 1.5 }));

    expect(violations.sort()).toEqual([
      'email must be an email',
      'id must not be less than 1',
      'name must be longer than or equal to 1 characters',
      'user_type_id must be an integer number',
    ]);
  });

  it('names violations inside a nested value, with their place', () => {
    const line = (quantity: number): Line => Object.assign(new Line(), { quantity });

    expect(violationsOf(BasketFilled.of({ lines: [line(1), line(0.5)] }))).toEqual([
      'lines.1.quantity must be an integer number',
    ]);
  });

  it('says the event and the violations in the message', () => {
    expect(() => writer.write(NoteWritten.of({ text: 7 as never }))).toThrow(
      'NoteWritten can not be recorded or read: text must be a string.',
    );
  });

  it('takes an event of exactly the limit and refuses one byte more, in bytes of UTF-8', () => {
    const empty = Buffer.byteLength(writer.write(NoteWritten.of({ text: '' })).payload);
    const room = MAX_EVENT_BYTES - empty;
    const umlauts = 'ü'.repeat(room / 2) + 'x'.repeat(room % 2);

    expect(violationsOf(NoteWritten.of({ text: umlauts }))).toEqual([]);
    expect(violationsOf(NoteWritten.of({ text: `${umlauts}x` }))).toEqual([
      `it has ${MAX_EVENT_BYTES + 1} bytes, the limit is ${MAX_EVENT_BYTES}`,
    ]);
  });

  it('refuses a class that was not declared', () => {
    expect(() => writer.write(NeverDeclared.of({}))).toThrow('NeverDeclared is not declared as an event');
  });
});
