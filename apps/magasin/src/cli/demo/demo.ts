import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Api } from '../api';
import { EXIT, type ExitCode, wrongUsage } from '../failures';
import { tableFor } from '../list';
import type { Session } from '../session';
import { Caller } from './caller';
import type { DemoOptions } from './command';
import { compare } from './compare';
import { type Addresses, type Day, noting } from './day';
import { Witness } from './evidence';
import type { Ledger } from './ledger';
import { planDay } from './plan';
import { playDay } from './play-day';
import { findParked, poison, skip } from './poisoning';
import { untilQuiet } from './quiet';
import { PLACES, type Row } from './row';

/** Plays a day, or takes one that was kept, and compares. */
export async function demo(session: Session, options: DemoOptions): Promise<ExitCode> {
  const at = await addresses(session);
  const caller = new Caller();
  const progress = session.progress();
  try {
    const ledger = options.compare ? kept(options.compare) : await begin(at, caller);
    const day: Day = { at, caller, ledger };
    const witness = new Witness(at, caller, ledger);
    if (!options.compare) {
      await playPoisoned(session, day, witness, options, (done) =>
        progress.bar(
          done,
          options.customers,
          `${done} of ${options.customers} customers, ${ledger.orders.length} orders`,
        ),
      );
      if (options.save) writeFileSync(options.save, `${JSON.stringify(ledger, null, 1)}\n`);
    }
    progress.show('Waiting until nothing is on its way any more');
    const onItsWay = await untilQuiet(witness, options.wait);
    const rows = compare(ledger, await witness.testify(), onItsWay);
    progress.end();
    return await tell(session, ledger, rows);
  } finally {
    progress.end();
  }
}

async function playPoisoned(
  session: Session,
  day: Day,
  witness: Witness,
  { customers, seed, poison: what }: DemoOptions,
  show: (done: number) => void,
): Promise<void> {
  const { ledger } = day;
  await playDay(day, planDay(customers, seed, ledger.run), async (done) => {
    show(done);
    if (done !== Math.ceil(customers / 2) || what === 'none') return;
    const reason = await poison(day);
    if (reason) session.say(`No event is poisoned: ${reason}`);
  });
  if (!ledger.poison) return;
  await noting(ledger, findParked(day, witness, ledger.poison));
  if (what === 'skip') await noting(ledger, skip(day, ledger.poison, session.who));
}

async function tell(session: Session, { run: name, orders, short }: Ledger, rows: Row[]): Promise<ExitCode> {
  const differences = rows.flatMap((row) => row.differences);
  const agree = differences.length === 0;
  if (session.json) {
    await session.print(JSON.stringify({ run: name, agree, rows, differences }));
    return agree ? EXIT.done : EXIT.refused;
  }
  const columns = [
    { title: 'what', value: (row: Row) => row.what },
    ...PLACES.map((place) => ({ title: place, value: (row: Row) => row[place] ?? null })),
    { title: 'agree', value: (row: Row) => (row.agree ? 'yes' : 'NO') },
  ];
  await session.print(tableFor(columns).lines(rows).join('\n'));
  if (!agree) await session.print(`\n${differences.join('\n')}`);
  await session.print(
    agree
      ? `\nAll agree on the day ${name}: ${orders.length} orders, and ${short} that were refused.`
      : `\nThey do not agree on the day ${name}: ${differences.length} differences.`,
  );
  return agree ? EXIT.done : EXIT.refused;
}

/** Each answers, or it is said which does not. */
async function addresses(session: Session): Promise<Addresses> {
  const apps = { store: await session.shop(), payments: await session.payments(), coolriel: await session.coolriel() };
  const url = async (app: Api): Promise<string> => {
    await app.get('/health-check');
    return app.place.url;
  };
  return { store: await url(apps.store), payments: await url(apps.payments), coolriel: await url(apps.coolriel) };
}

async function begin(at: Addresses, caller: Caller): Promise<Ledger> {
  const { body } = await caller.get<{ items: { position: number }[] }>(`${at.store}/events?order=desc&limit=1`);
  const run = Date.now().toString(36) + randomBytes(2).toString('hex');
  return { run, begun: body.items[0]?.position ?? 0, users: [], products: [], orders: [], short: 0, strange: [] };
}

function kept(file: string): Ledger {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ledger;
  } catch (error) {
    throw wrongUsage(`${file} is no day that was kept by --save: ${(error as Error).message}`);
  }
}
