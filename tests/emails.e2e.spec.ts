import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, ask, type Email, expectProblem, grace, linked, openShop, type TestShop } from './shop';

describe('What coolriel tells of its e-mails', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    // One after the other: they are of two streams, whose order nobody promises.
    await shop.write(grace({ name: 'Ada', email: 'ada@example.com' }));
    await shop.sent(1);
    await shop.write(grace());
    await shop.sent(2);
    await shop.delete('/users/6');
    await shop.sent(3);
  });
  afterAll(() => shop.remove());

  const get = <T>(path: string): Promise<Answer<T>> => ask<T>(shop.coolriel + path);

  it('is all of them, the newest first, and when and to whom they were sent', async () => {
    const emails = await shop.emails();

    expect(emails.map(({ id, template, recipient, subject }) => ({ id, template, recipient, subject }))).toEqual([
      { id: 3, template: 'goodbye', recipient: 'ada@example.com', subject: 'Au revoir, Ada' },
      {
        id: 2,
        template: 'welcome',
        recipient: 'grace@example.com',
        subject: 'Bienvenue au Magasin du Coin, Grace Hopper',
      },
      { id: 1, template: 'welcome', recipient: 'ada@example.com', subject: 'Bienvenue au Magasin du Coin, Ada' },
    ]);
    for (const { state, failures, error, created_at, sent_at } of emails) {
      expect({ state, failures, error }).toEqual({ state: 'sent', failures: 0, error: null });
      expect(Date.parse(sent_at!)).toBeGreaterThanOrEqual(Date.parse(created_at));
    }
  });

  it('is in pages', async () => {
    const ids: number[][] = [];
    let url: string | undefined = '/emails?limit=2';
    while (url) {
      const page: Answer<{ items: Email[] }> = await get(url);
      ids.push(page.body.items.map(({ id }) => id));
      url = linked(page);
    }

    expect(ids).toEqual([[3, 2], [1]]);
  });

  it('is found by state', async () => {
    expect(await shop.emails('?state=sent')).toHaveLength(3);
    expect(await shop.emails('?state=queued')).toEqual([]);
  });

  it('is found by event', async () => {
    const [created, , deleted] = await shop.events();

    expect((await shop.emails(`?event=${created.id}`)).map(({ id }) => id)).toEqual([1]);
    expect((await shop.emails(`?event=${deleted.id.toUpperCase()}&state=sent`)).map(({ id }) => id)).toEqual([3]);
    expect(await shop.emails(`?event=${deleted.id}&state=queued`)).toEqual([]);
    expect(await shop.emails('?event=01a20b55-3f91-7d02-adc7-68a0031b78a3')).toEqual([]);
  });

  it.each([
    ['state=unsent', '#/state'],
    ['state=', '#/state'],
    ['state=sent&state=queued', '#/state'],
    ['event=6', '#/event'],
    ['event=', '#/event'],
  ])('is not found by %s', async (query, pointer) => {
    expectProblem(await get(`/emails?${query}`), { status: 400, type: 'invalid-input', pointers: [pointer] });
  });

  it('is one as its reader sees it, and a browser runs nothing of it', async () => {
    const { status, headers, text } = await get('/emails/2');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(text).toBe(readFileSync(join(shop.output, 'welcome_7.html'), 'utf8'));
  });

  it.each(['4', '0', '9007199254740991'])('is not e-mail %s, for there is none', async (id) => {
    expectProblem(await get(`/emails/${id}`), { status: 404, type: 'email-not-found' });
  });

  it.each(['x', '1e3', '-1', '01', '%20'])('is not e-mail %s, which is no id', async (id) => {
    expectProblem(await get(`/emails/${id}`), { status: 400, type: 'invalid-input', pointers: ['#/id'] });
  });
});
