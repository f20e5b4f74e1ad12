import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { simpleParser } from 'mailparser';
import { eventually, readAll, shopFolder, ShopProcess, writeUser } from './shop-process';

interface EmailView {
  id: number;
  template: string;
  recipient: string;
  state: string;
  event_id: string;
}

interface EventView {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  data: unknown;
}

describe('From a command to the mailbox', () => {
  const { folder, remove } = shopFolder();
  const output = (file: string): string => readFileSync(join(folder, 'output', file), 'utf8');
  let shop: ShopProcess;
  beforeAll(async () => {
    shop = await ShopProcess.start(folder);
    await writeUser(shop.store, {
      name: 'Grace <script>alert(1)</script>',
      email: 'grace@example.com',
      user_type_id: 1,
    });
    await writeUser(shop.store, { name: 'Jean Employé', email: 'jean@example.com', user_type_id: 2 });
    await writeUser(shop.store, { name: 'Marie Gestion', email: 'marie@example.com', user_type_id: 3 });
    for (const id of [6, 7, 8]) await fetch(`${shop.store}/users/${id}`, { method: 'DELETE' });
    await eventually(async () => {
      expect(await readAll(`${shop.coolriel}/emails?state=sent`)).toHaveLength(6);
    });
  });
  afterAll(async () => {
    await shop.end('SIGTERM');
    remove();
  });

  it('greets a client as a client, and the team as the team', () => {
    expect(output('welcome_6.html')).toContain('Merci de votre visite au Magasin du Coin');
    expect(output('welcome_6.html')).toContain('ventes@magasinducoin.ca');
    for (const file of ['welcome_7.html', 'welcome_8.html']) {
      expect(output(file)).toContain('Bienvenue dans l&#39;équipe');
      expect(output(file)).not.toContain('Merci de votre visite');
    }
  });

  it('says goodbye by the type of the user', () => {
    expect(output('goodbye_6.html')).toContain('notre client');
    expect(output('goodbye_7.html')).toContain('notre employé');
    expect(output('goodbye_8.html')).toContain('notre gestionnaire');
  });

  it('shows the id, the name, the address and the date, and lets no name become markup', () => {
    const html = output('welcome_6.html');

    expect(html).toContain('<td>6</td>');
    expect(html).toContain('Grace &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script>');
    expect(html).toContain('<td>grace@example.com</td>');
    expect(html).toMatch(/<td>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}<\/td>/);
  });

  it('writes a whole message beside it, with an id that comes from the event', async () => {
    const [event] = await readAll<EventView>(`${shop.store}/events`);

    const message = await simpleParser(output('welcome_6.eml'));

    expect(message.messageId).toMatch(new RegExp(`^<evt-${event.id}\\.welcome\\.[0-9a-f]{12}@magasinducoin\\.ca>$`));
    expect(message.subject).toBe('Bienvenue au Magasin du Coin, Grace <script>alert(1)</script>');
    expect(message.to).toMatchObject({ text: 'grace@example.com' });
    expect(message.from).toMatchObject({ text: '"Magasin du Coin" <bonjour@magasinducoin.ca>' });
    expect(message.headers.get('auto-submitted')).toBe('auto-generated');
    expect(message.text).toContain('Merci de votre visite au Magasin du Coin');
    expect((message.html || '').trim()).toBe(output('welcome_6.html').trim());
    expect(readdirSync(join(folder, 'output')).filter((file) => file.endsWith('.part'))).toEqual([]);
  });

  it('lists the e-mails by state and by event, and shows one', async () => {
    const [created] = await readAll<EventView>(`${shop.store}/events`);
    const emails = await readAll<EmailView>(`${shop.coolriel}/emails?limit=2`);
    const [ofEvent, ...others] = await readAll<EmailView>(`${shop.coolriel}/emails?event=${created.id}`);
    const page = await fetch(`${shop.coolriel}/emails/${ofEvent.id}`);

    expect(emails.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(ofEvent).toMatchObject({ template: 'welcome', recipient: 'grace@example.com', event_id: created.id });
    expect(others).toEqual([]);
    expect(await readAll(`${shop.coolriel}/emails?state=queued`)).toEqual([]);
    expect(await page.text()).toBe(output('welcome_6.html'));
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${shop.coolriel}/emails/99`)).status).toBe(404);
    expect((await fetch(`${shop.coolriel}/emails?state=lost`)).status).toBe(400);
  });

  it('shows an event by position and by id, with the way it took', async () => {
    const [event] = await readAll<EventView>(`${shop.store}/events`);

    const byPosition = (await (await fetch(`${shop.store}/events/1`)).json()) as EventView & { way: object[] };
    const byId = await (await fetch(`${shop.store}/events/${event.id.toUpperCase()}`)).json();

    expect(byPosition).toMatchObject(event);
    expect(byPosition.way).toEqual([
      {
        consumer: 'coolriel',
        state: 'handled',
        started_at: expect.any(String) as string,
        committed_at: expect.any(String) as string,
        latency_ms: expect.any(Number) as number,
        attempts: [],
      },
    ]);
    expect(byId).toEqual(byPosition);
    for (const [key, status] of [
      ['99', 404],
      ['00000000-0000-7000-8000-000000000000', 404],
      ['abc', 400],
      ['-1', 400],
      ['1e3', 400],
    ]) {
      expect((await fetch(`${shop.store}/events/${key}`)).status).toBe(status);
    }
  });

  it('reads the log in both orders, by type, by stream and from a moment', async () => {
    const list = async (query: string): Promise<number[]> =>
      (await readAll<EventView>(`${shop.store}/events?${query}`)).map(({ position }) => position);

    expect(await list('')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await list('order=desc')).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await list('type=UserDeleted')).toEqual([4, 5, 6]);
    expect(await list('stream=user-7')).toEqual([2, 5]);
    expect(await list('from=2000-01-01')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await list('from=2999-01-01')).toEqual([]);
    expect(await list('from=2999-01-01&order=desc')).toEqual([6, 5, 4, 3, 2, 1]);
    for (const bad of ['order=up', 'from=yesterday', 'stream=user-7&type=UserDeleted', 'limit=0']) {
      expect((await fetch(`${shop.store}/events?${bad}`)).status).toBe(400);
    }
  });

  it('writes the history of the users while the shop runs, and says how many events there are', async () => {
    const history = (cwd: string) =>
      spawnSync(process.execPath, [resolve('dist/apps/magasin/src/history.js')], { cwd, encoding: 'utf8' });
    const events = await readAll<EventView>(`${shop.store}/events`);

    const { stdout, status } = history(folder);
    const nothing = history(join(folder, 'output'));

    expect(status).toBe(0);
    expect(stdout).toMatch(/^6 events of users in /);
    expect(JSON.parse(output('user_events_history.json'))).toEqual(events.map(({ data }) => data));
    expect(nothing.status).toBe(1);
    expect(nothing.stderr).toBe('There is no log in sqlite:data/magasin.sqlite yet. Start the shop once: npm start.\n');
    expect(existsSync(join(folder, 'output', 'data'))).toBe(false);
  });
});
