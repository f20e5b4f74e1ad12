import { CONSUMERS, eventually, shopFolder, ShopProcess, writeUser } from './shop-process';

interface Health {
  status: string;
  reasons: string[];
  checks: Record<string, { status: string; details?: unknown }>;
}

const ask = async (url: string): Promise<{ code: number; health: Health }> => {
  const response = await fetch(url);
  return { code: response.status, health: (await response.json()) as Health };
};

const ada = (n: number) => ({ name: 'Ada Lovelace', email: `ada${n}@example.com`, user_type_id: 1 });

describe('The health of the running shop', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it('is up on both apps, with the consumers that they share', async () => {
    const shop = await ShopProcess.start(folder);

    for (const url of [shop.store, shop.coolriel]) {
      for (const path of ['/health', '/health/live', '/health/ready']) {
        const { code, health } = await ask(url + path);
        expect({ code, status: health.status, reasons: health.reasons }).toEqual({
          code: 200,
          status: 'up',
          reasons: [],
        });
      }
      const { health } = await ask(`${url}/health`);
      expect(health.checks.consumers.details).toMatchObject(
        CONSUMERS.map((consumer) => ({ consumer, state: 'running' })),
      );
      // As clients of the system before know it.
      expect(await (await fetch(`${url}/health-check`)).json()).toEqual({ status: 'ok' });
    }
    expect(await shop.end('SIGTERM')).toBe(0);
  });

  it('tells that it stops while it still takes requests, for as long as is set', async () => {
    const shop = await ShopProcess.start(folder, { STOP_DELAY_SECONDS: '6' });
    const { store, coolriel } = shop;

    shop.child.kill('SIGTERM');
    await eventually(async () => expect((await ask(`${store}/health/ready`)).code).toBe(503));
    const leaving = await Promise.all([ask(`${store}/health/ready`), ask(`${coolriel}/health/ready`)]);
    const live = await ask(`${store}/health/live`);
    const written = await writeUser(store, ada(1));

    for (const { code, health } of leaving) {
      expect({ code, reasons: health.reasons }).toEqual({ code: 503, reasons: ['the app is about to stop'] });
    }
    expect(live.code).toBe(200);
    expect(written?.status).toBe(201);
    expect(await shop.ended).toBe(0);
    expect(shop.output).toContain('Magasin is closed.');
  });
});
