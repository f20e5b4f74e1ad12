import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { ask, grace, openShop, type TestShop } from './shop';

describe('An e-mail that is sent once more into the folder', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  it('stands beside the first one, with a Message-ID of its own', async () => {
    const user = await shop.write(grace());
    await shop.sent(1);
    const person = { who: 'Jane Doe', why: 'the reader lost it' };
    const { status } = await ask(`${shop.coolriel}/admin/emails/1/resend`, 'POST', person);
    expect(status).toBe(201);
    await shop.sent(2);

    const files = ['.eml', '.html', '.r1.eml', '.r1.html'].map((end) => `welcome_${user}${end}`);
    expect(readdirSync(shop.output).toSorted()).toEqual(files);
    const [first, copy] = await Promise.all(
      [files[0], files[2]].map((file) => simpleParser(readFileSync(join(shop.output, file)))),
    );
    expect(copy.messageId).toBe(first.messageId?.replace('@magasin', '.r1@magasin'));
    expect(copy.text).toBe(first.text);
  });
});
