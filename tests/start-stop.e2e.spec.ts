import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, readAll, shopFolder, ShopProcess, writeUser } from './shop-process';

const grace = { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };

describe('The shop as a process', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it('prints where to look, and ends with 0 on SIGTERM and on SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const shop = await ShopProcess.start(folder);

      expect(shop.output).toContain(`as files in ${join(folder, 'output')}`);
      expect(shop.output).toContain('sqlite:data/magasin.sqlite');
      expect(await shop.end(signal)).toBe(0);
      expect(shop.output).toContain('Magasin is closed.');
    }
  });

  it('finishes what is in flight before it stops', async () => {
    const shop = await ShopProcess.start(folder);
    const writing = Array.from({ length: 100 }, (_, number) =>
      writeUser(shop.store, { name: 'In Flight', email: `flight${number}@example.com`, user_type_id: 1 }),
    );
    const first = await Promise.race(writing);
    const code = await shop.end('SIGTERM');
    const answered = (await Promise.all(writing)).filter((answer) => answer?.status === 201);

    const again = await ShopProcess.start(folder);
    const users = await readAll<{ email: string }>(`${again.store}/users`);
    await again.end('SIGTERM');

    expect(first?.status).toBe(201);
    expect(code).toBe(0);
    expect(users.filter(({ email }) => email.startsWith('flight')).length).toBeGreaterThanOrEqual(answered.length);
  });

  it('keeps what was there, and sends no e-mail twice, when it is started again', async () => {
    const mine = join(folder, 'again');
    const shop = await ShopProcess.start(mine);
    await writeUser(shop.store, grace);
    const sent = async (url: string) => (await readAll<{ state: string; sent_at: string }>(`${url}/emails`)).at(0);
    await eventually(async () => expect((await sent(shop.coolriel))?.state).toBe('sent'));
    const before = await sent(shop.coolriel);
    await shop.end('SIGTERM');

    const again = await ShopProcess.start(mine);
    const user = await (await fetch(`${again.store}/users/6`)).json();
    const after = await readAll(`${again.coolriel}/emails`);
    await again.end('SIGTERM');

    expect(user).toEqual({ id: 6, ...grace });
    expect(after).toEqual([before]);
    expect(existsSync(join(mine, 'output', 'welcome_6.html'))).toBe(true);
  });

  it('says which port is taken, and by which setting to change it', async () => {
    const server = createServer().listen(0, 'localhost');
    await new Promise((done) => server.once('listening', done));
    const port = String((server.address() as AddressInfo).port);
    const shop = ShopProcess.spawn(folder, { STORE_MANAGER_PORT: port });

    expect(await shop.ended).toBe(1);
    expect(shop.output.trim()).toBe(
      `Port ${port} is taken. Stop the program that has it, or set STORE_MANAGER_PORT to another port.`,
    );
    server.close();
  });

  it('says that the data can not be written', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const shop = ShopProcess.spawn(folder, { DATABASE_URL: 'sqlite:a-file/magasin.sqlite' });

    expect(await shop.ended).toBe(1);
    expect(shop.output).toContain(
      'The data can not be opened or written. DATABASE_URL is sqlite:a-file/magasin.sqlite',
    );
  });

  it('names every setting that is wrong, with what is accepted', async () => {
    const shop = ShopProcess.spawn(folder, { DATABASE_URL: 'mongodb://x', TIME_ZONE: 'Mars/Olympus' });

    expect(await shop.ended).toBe(1);
    expect(shop.output).toContain('The setting DATABASE_URL is "mongodb://x": accepted is sqlite:<file>');
    expect(shop.output).toContain('The setting TIME_ZONE is "Mars/Olympus": accepted is a name like America/Toronto');
  });
});
