import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Shop, startShop } from './shop';

describe('A process that hosts some of the apps', () => {
  let folder: string;
  let shop: Shop | undefined;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'magasin-'))));
  afterEach(async () => {
    await shop?.stop();
    shop = undefined;
    rmSync(folder, { recursive: true });
  });

  const start = async (settings: Record<string, string>): Promise<Shop> =>
    (shop = await startShop({
      DATABASE_URL: `sqlite:${join(folder, 'shop.sqlite')}`,
      OUTPUT_FOLDER: join(folder, 'output'),
      LOG_LEVEL: 'silent',
      ...settings,
    }));

  it('looks for the others at the ports that they are given, as it is told where they listen', async () => {
    const ports = { STORE_MANAGER_PORT: '0', PAYMENTS_PORT: '6009' };
    const { store, payments, settings } = await start({ APPS: 'store-manager', HOST: '127.0.0.1', ...ports });

    expect([store, payments]).toEqual([settings.STORE_URL, undefined]);
    expect(settings).toMatchObject({
      PAYMENTS_URL: 'http://127.0.0.1:6009',
      PAYMENT_LINK_BASE: 'http://127.0.0.1:6009/payments/process',
      STORE_API_URL: store,
    });
  });

  it('leaves what somebody set himself, and what nobody can know', async () => {
    const ports = { STORE_MANAGER_PORT: '0', PAYMENTS_PORT: '0' };
    const { settings } = await start({ APPS: 'payments', STORE_API_URL: 'http://gateway/store-api', ...ports });

    expect(settings).toMatchObject({ STORE_API_URL: 'http://gateway/store-api', STORE_URL: 'http://localhost:5000' });
  });
});
