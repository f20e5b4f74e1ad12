import type { Evidence } from './evidence';
import { centsOf, type Ledger, sum } from './ledger';
import { unitsOrdered } from './people-and-goods';
import { compared, type Row } from './row';

/** A report has so many places. */
const TOP = 10;

export function compareReports(ledger: Ledger, { sellers, spenders }: Evidence): Row[] {
  const sold = ledger.products.map(({ id }) => ({ id, sum: unitsOrdered(ledger, id) }));
  const spent = ledger.users
    .filter(({ deleted }) => !deleted)
    .map(({ id }) => {
      const own = ledger.orders.filter(({ user_id, state }) => user_id === id && state !== 'cancelled');
      return { id, sum: sum(own.map(centsOf)) / 100 };
    });
  return [
    placesOf(
      'best sellers',
      'product',
      sold,
      sellers.map(({ product_id: id, quantity_sold }) => ({ id, sum: quantity_sold })),
    ),
    placesOf(
      'highest spenders',
      'user',
      spent,
      spenders.map(({ user_id: id, total_expense }) => ({ id, sum: total_expense })),
    ),
  ];
}

interface Place {
  id: number;
  sum: number;
}

/** Others may be in it as well, and leave us no place. Of equals the smaller id comes first. */
function placesOf(what: string, kind: string, ours: Place[], report: Place[]): Row {
  const last = report.length < TOP ? undefined : report[TOP - 1];
  const expected = ours.filter(
    (one) => one.sum > 0 && (!last || one.sum > last.sum || (one.sum === last.sum && one.id <= last.id)),
  );
  const own = report.filter(({ id }) => ours.some((one) => one.id === id));
  const differences = [
    ...expected
      .filter(({ id }) => !own.some((one) => one.id === id))
      .map((one) => `${what}: ${kind} ${one.id} with ${one.sum} is missing`),
    ...own.flatMap((one) => {
      const right = ours.find(({ id }) => id === one.id)!.sum;
      return right === one.sum ? [] : [`${what}: ${kind} ${one.id} has ${one.sum}, asked was ${right}`];
    }),
  ];
  return compared(`${what} (of ten)`, { asked: expected.length, reports: own.length }, differences);
}

export function compareDelivery({ poison }: Ledger, { log, consumers, parked }: Evidence): Row[] {
  const through = consumers.filter(({ state, position }) => state === 'running' && position >= log.last);
  const late = consumers
    .filter((one) => !through.includes(one))
    .map(
      ({ consumer, state, position, error }) =>
        `consumer ${consumer}: ${state} at ${position}${error ? `, ${error}` : ''}`,
    );
  const rows = [compared('consumers at the end', { asked: consumers.length, consumers: through.length }, late)];
  const left = poison && !poison.skipped ? poison.parked_by : [];
  if (poison) {
    rows.push(
      compared('events poisoned', {
        asked: 1,
        log: log.entries.filter(({ stream }) => stream === poison.stream).length,
        consumers: Math.min(1, poison.parked_by.length),
      }),
    );
  }
  const others = parked
    .filter(({ stream }) => stream !== poison?.stream)
    .map(({ consumer, stream, error }) => `${stream} is parked for ${consumer}: ${error.split('\n')[0]}`);
  rows.push(compared('streams parked', { asked: left.length, consumers: parked.length }, others));
  return rows;
}

const TEMPLATES: Record<string, string> = {
  UserCreated: 'welcome',
  UserDeleted: 'goodbye',
  OrderConfirmed: 'order-confirmation',
  OrderPaid: 'payment-receipt',
  OrderCancelled: 'order-cancellation',
  PaymentRefunded: 'refund',
};

/** Each event that has an e-mail has it once, to whom it is about, and it has gone. */
export function compareMailbox({ poison }: Ledger, { log, emails }: Evidence): Row {
  const told = log.entries.filter(({ type, stream }) => TEMPLATES[type] && stream !== poison?.stream);
  // What a person has sent once more is no second one.
  const first = emails.filter(({ resend_of }) => resend_of === null);
  const differences = told.flatMap(({ id, type, stream, position, data }) => {
    const name = `${type} of ${stream} (event ${position})`;
    const own = first.filter(({ event_id }) => event_id === id);
    const [email] = own;
    if (!email) return [`${name}: there is no ${TEMPLATES[type]} in the mailbox`];
    if (own.length > 1) return [`${name}: there are ${own.length} e-mails in the mailbox`];
    const to = data.email ?? data.user_email;
    if (email.template !== TEMPLATES[type] || email.recipient !== to)
      return [`${name}: e-mail ${email.id} is a ${email.template} to ${email.recipient}`];
    return email.state === 'sent' ? [] : [`${name}: e-mail ${email.id} is ${email.state}`];
  });
  const known = new Set(told.map(({ id }) => id));
  const strangers = first
    .filter(({ event_id }) => !known.has(event_id))
    .map(({ id, template, recipient }) => `e-mail ${id} (${template} to ${recipient}) is of no event of ours`);
  return compared('e-mails', { log: told.length, mailbox: first.length }, [...differences, ...strangers]);
}

/** The versions of a stream that began today are 1, 2, 3… */
export function compareLog({ log }: Evidence): Row {
  const gaps = [...log.streams].flatMap((stream) => {
    const versions = log.entries.filter((entry) => entry.stream === stream).map(({ version }) => version);
    return versions.every((version, index) => version === index + 1)
      ? []
      : [`${stream}: its versions are ${versions.join(', ')}`];
  });
  return compared('events', { log: log.entries.length }, gaps);
}
