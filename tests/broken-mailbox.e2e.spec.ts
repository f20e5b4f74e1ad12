import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Email, eventually, grace, openShop, type TestShop } from './shop';

describe('A shop whose mailbox can not be written', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const emailsTo = async (recipient: string): Promise<Email[]> =>
    (await shop.emails()).filter((email) => email.recipient === recipient).toReversed();

  it('goes on writing users, shows what fails, and sends all of it in order when the mailbox is back', async () => {
    await shop.write(grace({ email: 'before@example.com' }));
    await shop.sent(1);
    renameSync(shop.output, `${shop.output}.away`);
    writeFileSync(shop.output, 'no folder');

    // The same address comes and goes: its e-mails have an order.
    for (const time of [1, 2, 3]) {
      await shop.delete(`/users/${await shop.write(grace())}`);
      // Each user is a stream of his own: what is in one batch comes in no order.
      await eventually(async () => expect(await emailsTo('grace@example.com')).toHaveLength(2 * time));
    }
    await shop.write(grace({ email: 'other@example.com' }));

    await eventually(async () => {
      const [first, ...later] = await emailsTo('grace@example.com');
      expect(later).toHaveLength(5);
      expect(first.failures).toBeGreaterThanOrEqual(2);
      expect(first.error).toMatch(/EEXIST|ENOTDIR/);
    });
    // The first one may just be tried again.
    await eventually(async () => expect(await shop.emails('?state=queued')).toHaveLength(7));
    expect((await shop.emails()).filter(({ sent_at }) => sent_at !== null)).toHaveLength(1);
    // Nobody tries the second e-mail to a reader while the first one waits.
    const [, ...waiting] = await emailsTo('grace@example.com');
    expect(waiting.map(({ failures, error }) => ({ failures, error }))).toEqual(
      waiting.map(() => ({ failures: 0, error: null })),
    );

    rmSync(shop.output);

    await shop.sent(8);
    const emails = await emailsTo('grace@example.com');
    expect(emails.map(({ template }) => template)).toEqual([1, 2, 3].flatMap(() => ['welcome', 'goodbye']));
    expect(emails[0].failures).toBeGreaterThanOrEqual(2);
    expect(emails.map(({ error }) => error)).toEqual(emails.map(() => null));
    const written = [7, 8, 9]
      .flatMap((id) => [`welcome_${id}.eml`, `goodbye_${id}.eml`])
      .map((file) => statSync(join(shop.output, file), { bigint: true }).mtimeNs);
    expect(written).toEqual(written.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(readdirSync(shop.output)).toHaveLength(14);
    expect(readdirSync(shop.output).filter((file) => !/\.(html|eml)$/.test(file))).toEqual([]);
  });
});
