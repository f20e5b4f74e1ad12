import { type DomainEvent, PaymentRefunded, UserCreated, UserDeleted } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import { catalogue } from './catalogue';
import { compose as composed, copyOf, emailsOf } from './compose';
import type { Email, NewEmail } from './email';
import type { EmailDeclaration } from './email-declaration';
import { goodbye } from './goodbye/goodbye.email';
import { refund } from './refund/refund.email';
import { welcome } from './welcome/welcome.email';

const facts = { id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
const created = (changes: Partial<UserCreated> = {}): UserCreated =>
  Object.assign(UserCreated.of({ ...facts, ...changes }), { datetime: '2026-11-23 16:00:41.491000' });
const delivery = (id: string): Delivery => ({
  position: 1,
  id,
  type: 'UserCreated',
  stream: 'user-6',
  version: 1,
  payload: '{}',
  metadata: '{}',
  occurredAt: 1_795_469_000_000,
  source: 'a-log',
  consumer: 'coolriel',
});
const FIRST = delivery('01a20b55-3f91-7d02-adc7-68a0031b78a3');
const SECOND = delivery('01a20b55-3f91-7d02-adc7-68a0031b78a4');

const compose = (declaration: EmailDeclaration, event: DomainEvent, which: Delivery): NewEmail => {
  const email = composed(declaration, event, which);
  if (!email) throw new Error(`${declaration.name} goes to nobody`);
  return email;
};

describe('compose', () => {
  it('makes a queued e-mail of an event, which it names', () => {
    const email = compose(welcome, created(), FIRST);

    expect(email).toMatchObject({
      source: 'a-log',
      event_id: FIRST.id,
      template: 'welcome',
      recipient: 'grace@example.com',
      subject: 'Bienvenue au Magasin du Coin, Grace Hopper',
      file: 'welcome_6',
      state: 'queued',
      failures: 0,
      error: null,
      sent_at: null,
    });
    expect(email.html).toContain('<td>2026-11-23 16:00:41.491000</td>');
    expect(email.text).toContain('2026-11-23 16:00:41.491000');
  });

  it('makes the same e-mail of the same event, to the letter', () => {
    const [first, again] = [compose(welcome, created(), FIRST), compose(welcome, created(), FIRST)];

    expect({ ...again, created_at: 0 }).toEqual({ ...first, created_at: 0 });
  });

  const samples = catalogue.flatMap((declaration) =>
    Object.entries(declaration.samples).map(([name, event]) => ({ declaration, of: declaration.name, name, event })),
  );
  it.each(samples)('makes the same $of of the same event that is read again, to the letter: $name', (sample) => {
    const { declaration, event } = sample;
    const read = (): DomainEvent => Object.assign(new declaration.on(), JSON.parse(JSON.stringify(event)));

    const [first, again] = [compose(declaration, read(), FIRST), compose(declaration, read(), FIRST)];

    expect({ ...again, created_at: 0 }).toEqual({ ...first, created_at: 0 });
  });

  it('makes nothing when nobody knows to whom', () => {
    const { user_name, user_email, ...nobody } = refund.samples['unknown-order'];

    expect(composed(refund, PaymentRefunded.of(nobody), FIRST)).toBeUndefined();
    expect(composed(refund, PaymentRefunded.of({ ...nobody, user_email }), FIRST)).toMatchObject({
      recipient: 'grace@example.com',
    });
  });

  it('makes each e-mail that is declared on the event, and no other', () => {
    const second = { ...welcome, name: 'second' };
    const toNobody = { ...welcome, name: 'to-nobody', to: () => undefined };

    const emails = emailsOf([welcome, goodbye, toNobody, second], created(), FIRST);

    expect(emails.map(({ template }) => template)).toEqual(['welcome', 'second']);
    expect(emailsOf([goodbye, refund], created(), FIRST)).toEqual([]);
  });

  it('makes a Message-ID of the event, the template and the recipient, and of nothing else', () => {
    const { message_id } = compose(welcome, created(), FIRST);

    expect(message_id).toMatch(/^<evt-01a20b55-3f91-7d02-adc7-68a0031b78a3\.welcome\.[0-9a-f]{12}@magasinducoin\.ca>$/);
    expect(compose(welcome, created({ name: 'Ada' }), FIRST).message_id).toBe(message_id);
    expect(compose(welcome, created(), SECOND).message_id).not.toBe(message_id);
    expect(compose(welcome, created({ email: 'ada@example.com' }), FIRST).message_id).not.toBe(message_id);
    expect(compose(goodbye, UserDeleted.of(facts), FIRST).message_id).not.toBe(message_id);
  });

  it('keeps the correlation id of the request that led to it', () => {
    const traced = { ...FIRST, metadata: '{"correlation_id":"desk-17","traceparent":"00-1-2-01"}' };

    expect(compose(welcome, created(), traced).correlation_id).toBe('desk-17');
    expect(compose(welcome, created(), FIRST).correlation_id).toBeNull();
  });

  it('numbers the copies of an e-mail, in their Message-ID and their files', () => {
    const original = { ...compose(welcome, created(), FIRST), id: 12, state: 'failed', tries: 3 } as Email;

    const copy = copyOf(original);
    const second = copyOf({ ...copy, id: 13 });

    expect(copy).toMatchObject({ resend_of: 12, copy: 1, file: 'welcome_6.r1', state: 'queued', tries: 0 });
    expect(second).toMatchObject({ resend_of: 13, copy: 2, file: 'welcome_6.r2' });
    expect(copy.message_id).toBe(original.message_id.replace('@', '.r1@'));
    expect(second.message_id).toBe(original.message_id.replace('@', '.r2@'));
    expect(copy).not.toHaveProperty('id');
  });

  it('keeps the subject on one line', () => {
    const { subject } = compose(welcome, created({ name: 'Grace\r\nBcc: all@example.com\u2028x' }), FIRST);

    expect(subject).toBe('Bienvenue au Magasin du Coin, Grace Bcc: all@example.com x');
  });
});
