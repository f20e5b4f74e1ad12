import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fillOrders } from './filled-log';
import { eventually, shopFolder, ShopProcess } from './shop-process';

interface BestSeller {
  product_id: number;
  quantity_sold: number;
}

const ORDERS = 24_000;
const PRODUCTS = 12;
const TOP: BestSeller[] = Array.from({ length: 10 }, (_, index) => PRODUCTS - index).map((product_id) => ({
  product_id,
  quantity_sold: (ORDERS / PRODUCTS) * product_id,
}));

/** Runs a script of package.json against the shop on this port. */
async function npmRun(port: string, ...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, HOST: 'localhost', STORE_MANAGER_PORT: port };
  const child = spawn('npm', ['run', '--silent', ...words], { cwd: resolve('.'), env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out, err };
}

describe('npm run rebuild -- best-sellers', () => {
  const { folder, remove } = shopFolder();
  let shop: ShopProcess;
  beforeAll(async () => {
    const DATABASE_URL = await fillOrders(folder, ORDERS, PRODUCTS);
    shop = await ShopProcess.start(folder, { DATABASE_URL, APPS: 'store-manager' });
  });
  afterAll(async () => {
    await shop.end('SIGTERM');
    await remove();
  });

  const read = async <T>(path: string): Promise<T> => (await fetch(shop.store + path)).json() as Promise<T>;
  const report = (): Promise<BestSeller[]> => read('/orders/reports/best-sellers');

  it('builds the report of a running shop anew, and nobody ever reads half of it', async () => {
    await eventually(async () => expect(await report()).toEqual(TOP));

    const rebuilding = npmRun(new URL(shop.store).port, 'rebuild', '--', 'best-sellers');
    let over = false;
    void rebuilding.finally(() => (over = true));
    const states = new Set<string>();
    while (!over || !states.has('discarded')) {
      expect(await report()).toEqual(TOP);
      const instances = await read<{ instance: string; state: string }[]>('/admin/instances');
      for (const { instance, state } of instances) states.add(instance === 'best-sellers' ? state : `new: ${state}`);
    }

    expect(await rebuilding).toEqual({
      code: 0,
      out: 'best-sellers@2 is active: it is what is read now.\n',
      err: 'best-sellers@2 has begun, and goes on in the shop when you end this by Ctrl+C.\n',
    });
    // It was read in the middle of it too.
    expect(states).toContain('new: running');
    expect(await report()).toEqual(TOP);
    const { items } = await read<{ items: object[] }>('/admin/audit');
    expect(items).toMatchObject([{ action: 'rebuild', subject: 'best-sellers@2', why: 'npm run rebuild' }]);
  }, 300_000);
});
