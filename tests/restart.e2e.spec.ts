import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { grace, openShop, type TestShop } from './shop';
import { shopFolder } from './shop-process';

describe('A shop that is started again in its folder', () => {
  const { folder, remove } = shopFolder();
  let shop: TestShop;
  afterAll(remove);

  /** Every file with all that changes when somebody writes it. */
  const mailbox = (): string[] =>
    readdirSync(shop.output).map((file) => {
      const { ino, mtimeNs, ctimeNs, size } = statSync(join(shop.output, file), { bigint: true });
      return `${file} ${ino} ${mtimeNs} ${ctimeNs} ${size}`;
    });
  const state = async () => ({ users: await shop.users(), events: await shop.events(), emails: await shop.emails() });

  it('has all that was there, sends nothing twice, and goes on', async () => {
    shop = await openShop(folder);
    const ids = await Promise.all([1, 2, 3, 4].map((n) => shop.write(grace({ email: `u${n}@example.com` }))));
    await shop.delete(`/users/${ids[0]}`);
    await shop.sent(5);
    const before = await state();
    const files = mailbox();
    await shop.stop();

    for (const start of [1, 2]) {
      shop = await openShop(folder);
      expect(await state()).toEqual(before);
      // A new e-mail has passed consumer and sender: whatever they would do again, they have done.
      const id = await shop.write(grace({ email: `start${start}@example.com` }));
      await shop.sent(before.emails.length + 1);

      const after = await state();
      expect(id).toBe(9 + start);
      expect(after.emails.slice(1)).toEqual(before.emails);
      expect(after.events.slice(0, -1)).toEqual(before.events);
      expect(after.events.at(-1)).toMatchObject({
        position: before.events.length + 1,
        stream: `user-${id}`,
        version: 1,
      });
      expect(mailbox()).toEqual(expect.arrayContaining(files));
      Object.assign(before, after);
      await shop.stop();
    }

    expect(readdirSync(shop.output)).toHaveLength(14);
  });
});
