import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expectThePromiseKept } from './promise';
import { eventually, type NewUser, shopFolder, ShopProcess, writeUser } from './shop-process';

const { folder, remove } = shopFolder();
const disk = join(folder, 'data');

/** A small disk of its own for the data; needs the right to mount. */
function mount(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'pipe' });
    return true;
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`SKIPPED: the full-disk test can not mount a small disk here: ${(error as Error).message}\n`);
    return false;
  }
}

/** Leaves no byte free. */
function fill(ballast: string): void {
  const file = openSync(ballast, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}

const mounted = mount();

afterAll(async () => {
  if (mounted) execFileSync('umount', ['-l', disk]);
  await remove();
});

(mounted ? describe : describe.skip)('A shop whose disk is full', () => {
  it('answers 503, keeps what it acknowledged, and goes on when there is room', async () => {
    const asked: NewUser[] = [];
    const acknowledged = new Map<number, NewUser>();
    const statuses: number[] = [];
    const write = async (): Promise<number> => {
      const user = { name: `User ${asked.length}`, email: `user${asked.length}@example.com`, user_type_id: 1 };
      asked.push(user);
      const { status, body } = (await writeUser(shop.store, user))!;
      if (status === 201) acknowledged.set((body as { user_id: number }).user_id, user);
      statuses.push(status);
      return status;
    };
    const ballast = join(disk, 'ballast');
    const shop = await ShopProcess.start(folder);
    expect(await write()).toBe(201);

    fill(ballast);
    await eventually(async () => expect(await write()).toBe(503));
    await Promise.all(Array.from({ length: 50 }, write));
    const whileFull = statuses.slice(-50);
    const read = await fetch(`${shop.store}/users/1`);
    rmSync(ballast);
    await eventually(async () => expect(await write()).toBe(201));
    await Promise.all(Array.from({ length: 50 }, write));

    expect(whileFull.every((status) => status === 503 || status === 201)).toBe(true);
    expect(whileFull).toContain(503);
    expect(read.status).toBe(200);
    expect(statuses.slice(-50)).toEqual(Array.from({ length: 50 }, () => 201));
    await expectThePromiseKept(shop, folder, asked, acknowledged);
    expect(await shop.end('SIGTERM')).toBe(0);
  }, 300_000);

  it('keeps no Idempotency-Key of what it could not write', async () => {
    const ballast = join(disk, 'ballast');
    const shop = await ShopProcess.start(folder);
    const post = (number: number): Promise<Response> =>
      fetch(`${shop.store}/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `"full-${number}"` },
        body: JSON.stringify({ name: `Keyed ${number}`, email: `keyed${number}@example.com` }),
      });

    fill(ballast);
    let number = 0;
    await eventually(async () => expect((await post((number += 1))).status).toBe(503));
    const refused = await post(number);
    rmSync(ballast);
    await eventually(async () => expect((await post(number)).status).toBe(201));
    const again = await post(number);

    expect([refused.status, refused.headers.get('location'), refused.headers.get('retry-after')]).toEqual([
      503,
      null,
      '1',
    ]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await shop.end('SIGTERM')).toBe(0);
  }, 300_000);

  it('is not ready until there is room, lives all the while, and can be scraped', async () => {
    const ballast = join(disk, 'ballast');
    const shop = await ShopProcess.start(folder);
    const probe = async (path: string): Promise<number> => (await fetch(shop.store + path)).status;
    let number = 0;
    const write = async (): Promise<number> => {
      const user = { name: 'Probed', email: `probed${(number += 1)}@example.com`, user_type_id: 1 };
      return (await writeUser(shop.store, user))!.status;
    };
    await eventually(async () => expect(await probe('/health/ready')).toBe(200));

    fill(ballast);
    await eventually(async () => expect(await write()).toBe(503));
    const ready = await fetch(`${shop.store}/health/ready`);
    const { checks } = (await ready.json()) as { checks: Record<string, { reasons: string[] }> };
    const others = [await probe('/health/live'), await probe('/metrics')];
    rmSync(ballast);
    await eventually(async () => expect(await probe('/health/ready')).toBe(200));

    expect(ready.status).toBe(503);
    expect(checks.database.reasons).toEqual([expect.stringContaining('disk is full')]);
    expect(others).toEqual([200, 200]);
    expect(await write()).toBe(201);
    expect(await shop.end('SIGTERM')).toBe(0);
  }, 300_000);
});
