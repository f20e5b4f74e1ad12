import { startShop } from '../apps/magasin/src/shop';
import { type Answer, ask, expectProblem, grace, openShop, type TestShop } from './shop';
import { shopFolder } from './shop-process';

describe('The pages of coolriel', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const get = (path: string): Promise<Answer<never>> => ask(shop.coolriel + path);

  it('say of an empty mailbox how to fill it, at the port that the store got', async () => {
    const { status, text } = await get('/mailbox');

    expect(status).toBe(200);
    expect(text).toContain('No e-mail went out yet.');
    expect(text).toContain(`curl ${shop.store}/users`);
  });

  it.each(['/mailbox', '/previews', '/mailbox/', '/previews/'])(
    'let a browser do nothing but show %s',
    async (path) => {
      const { status, headers, text } = await get(path);

      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-language')).toBe('en');
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(text).not.toContain('<script');
    },
  );

  it.each([
    ['', 'Merci de votre visite'],
    ['?sample=client', 'Merci de votre visite'],
    ['?sample=manager', 'votre compte du personnel est ouvert'],
  ])('preview the welcome%s in its two parts', async (query, words) => {
    const [html, plain] = await Promise.all([get(`/previews/welcome${query}`), get(`/previews/welcome/text${query}`)]);

    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    );
    expect(html.text).toContain(words);
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(plain.text).toContain(words);
    for (const { headers } of [html, plain]) expect(headers.get('content-language')).toBe('fr-CA');
  });

  it.each([
    'nothing',
    'welcome?sample=boss',
    'welcome?sample=',
    '__proto__',
    'welcome?sample=constructor',
    '%3Cscript%3E',
  ])('preview no %s', async (name) => {
    const [path, query = ''] = name.split('?');

    for (const part of ['', '/text']) {
      expectProblem(await get(`/previews/${path}${part}?${query}`), { status: 404, type: 'preview-not-found' });
    }
  });

  it.each([
    ['mailbox?state=unsent', '#/state'],
    ['mailbox?state=sent&state=queued', '#/state'],
    ['mailbox?event=a&event=b', '#/event'],
    ['mailbox?recipient[a]=b&recipient=a&recipient=b', '#/recipient'],
    ['mailbox?limit=501', '#/limit'],
    ['mailbox?cursor=x', '#/cursor'],
    ['previews/welcome?sample=a&sample=b', '#/sample'],
  ])('refuse %s by name', async (path, pointer) => {
    expectProblem(await get(`/${path}`), { status: 400, type: 'invalid-input', pointers: [pointer] });
  });

  it('find an e-mail by its event, however that is spelled, by its recipient and by its state', async () => {
    await shop.write(grace());
    await shop.sent(1);
    const [{ id }] = await shop.events();

    for (const query of [
      `event=${id}`,
      `event=%20${id.toUpperCase()}%20`,
      'recipient=grace@example.com',
      'state=sent',
    ]) {
      expect((await get(`/mailbox?${query}&limit=1`)).text).toContain(`<a href="${shop.store}/events/${id}">`);
    }
    for (const query of ['event=6', 'recipient=GRACE', 'recipient=%25', 'state=failed', `event=${id}&state=unknown`]) {
      expect((await get(`/mailbox?${query}`)).text).toContain('No e-mail is like that.');
    }
  });

  it('lead to the store that STORE_URL names', async () => {
    const { folder, remove } = shopFolder();
    const other = await startShop({
      STORE_MANAGER_PORT: '0',
      PAYMENTS_PORT: '0',
      COOLRIEL_PORT: '0',
      DATABASE_URL: `sqlite:${folder}/shop.sqlite`,
      OUTPUT_FOLDER: `${folder}/output`,
      STORE_URL: 'https://shop.example/store/',
    });

    const { text } = await ask(`${other.coolriel}/mailbox`);
    await other.stop();
    await remove();

    expect(text).toContain('curl https://shop.example/store/users');
  });
});
