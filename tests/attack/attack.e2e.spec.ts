import { appendFileSync } from 'node:fs';
import { needs } from '../needs';
import { type Attack, attack } from './attack';

const setting = (name: string, usual: number): number => Number(process.env[name] || usual);

const SEED = setting('ATTACK_SEED', 1);
const EVENTS = setting('ATTACK_EVENTS', 20_000);
const FAULTS = setting('ATTACK_FAULTS', 20);
const MINUTES = setting('ATTACK_MINUTES', 40);
const CLIENTS = setting('ATTACK_CLIENTS', 24);

needs(
  'java',
  'maven',
  'mariadbd',
)('A shop of seven processes on MariaDB and Kafka, under attack', () => {
  let seen: Attack;
  beforeAll(
    async () => {
      seen = await attack({
        seed: SEED,
        events: EVENTS,
        faults: FAULTS,
        minutes: MINUTES,
        clients: CLIENTS,
        sizes: { 'store-manager': 3, payments: 2, coolriel: 2 },
      });
      const { events, faults, lost, doubled, reordered, missing, minutes, again } = seen;
      const counts = { lost, doubled, reordered, missing };
      const row = { seed: SEED, events, faults, ...lengths(counts), again, minutes: Number(minutes.toFixed(1)) };
      process.stdout.write(`${JSON.stringify(row)}\n`);
      if (process.env.ATTACK_TABLE) appendFileSync(process.env.ATTACK_TABLE, `${JSON.stringify(row)}\n`);
    },
    (MINUTES + 10) * 60_000,
  );

  it('loses nothing: log, topics, consumers, e-mails and files have it all', () => expect(seen.lost).toEqual([]));
  it('makes one effect of each event', () => expect(seen.doubled).toEqual([]));
  it('keeps the order of every stream, and of every partition', () => expect(seen.reordered).toEqual([]));
  it('has all that it has acknowledged, and nothing besides', () => expect(seen.missing).toEqual([]));
  it('answers what it should: no 5xx but 503', () => expect(seen.strange).toEqual([]));
  it('stops in peace', () => expect(new Set(Object.values(seen.codes))).toEqual(new Set([0])));
  it('had as much to bear as was asked for', () => {
    expect(seen.events).toBeGreaterThanOrEqual(EVENTS);
    expect(seen.faults).toBeGreaterThanOrEqual(FAULTS);
  });
});

const lengths = (lists: Record<string, string[]>): Record<string, number> =>
  Object.fromEntries(Object.entries(lists).map(([name, { length }]) => [name, length]));
