import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnavailable } from '../errors';
import { item, Item, openTestLog, type TestLog, upTo, userCreated } from '../testing';
import type { UnitOfWork } from '../unit-of-work';

const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));

/** A real disk of 6 MB. Only root may make one: elsewhere this is skipped loudly, and in CI it fails. */
function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'pipe' });
    return true;
  } catch (error) {
    rmSync(disk, { recursive: true });
    const reason = `The specs of a full disk need the right to mount a tmpfs: ${String(error)}`;
    if (process.env.CI === 'true') throw new Error(reason, { cause: error });
    console.warn(`SKIPPED. ${reason}`);
    return false;
  }
}

(mounted() ? describe : describe.skip)('On a full disk', () => {
  let test: TestLog;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(disk, 'log-'));
    test = await openTestLog({ folder });
  });
  afterEach(async () => {
    free();
    await test.close();
  });
  afterAll(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  const ballast = join(disk, 'ballast');
  const free = (): void => rmSync(ballast, { force: true });
  const fill = (): void => {
    const file = openSync(ballast, 'a');
    for (const size of [65_536, 4_096, 1]) while (takes(file, size));
    closeSync(file);
  };

  const LARGE = 'x'.repeat(100_000);
  /** More than SQLite keeps in memory: it must write before the COMMIT, and fails in the statement. */
  const tooLargeForMemory = (tx: UnitOfWork): Promise<unknown> =>
    tx.rows.query(`INSERT INTO item VALUES (99, hex(zeroblob(12000000)))`);
  const add = (id: number, name = LARGE): Promise<void> =>
    test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(id, name));
      tx.record(userCreated(1));
    });
  const fulfilled = async (answers: Promise<unknown>[]): Promise<number[]> =>
    (await Promise.allSettled(answers)).flatMap(({ status }, index) => (status === 'fulfilled' ? [index + 1] : []));

  it('fails all units of a group at their COMMIT, keeps nothing of them, and works again when there is room', async () => {
    fill();

    const outcomes = await Promise.allSettled(upTo(5).map((id) => add(id)));

    expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).name)).toEqual(
      upTo(5).map(() => 'LogUnavailable'),
    );
    expect(test.committed()).toEqual({ items: [], events: [] });
    free();
    await add(6);
    expect(test.committed()).toEqual({ items: [6], events: [{ position: 1, stream: 'user-1', version: 1 }] });
  });

  it('fails a unit alone too', async () => {
    fill();

    await expect(add(1)).rejects.toThrow(LogUnavailable);

    expect(test.committed().items).toEqual([]);
  });

  it('tells nobody', async () => {
    const told: string[] = [];
    test.log.onRecorded(() => told.push('recorded'));
    fill();

    const answer = test.log.transaction(async (tx) => {
      tx.afterCommit(() => told.push('committed'));
      tx.record(userCreated(1));
      await tx.rows.insert(Item, item(1, LARGE));
    });

    await expect(answer).rejects.toThrow(LogUnavailable);
    expect(told).toEqual([]);
  });

  it.each([
    ['alone', []],
    ['before and after neighbours', [1, 3]],
  ])(
    'lets nothing of a unit in that swallows the error, when room comes back in the meantime, %s',
    async (_, others) => {
      const swallows = test.log.transaction.bind(test.log, async (tx: UnitOfWork) => {
        await tx.rows.insert(Item, item(2));
        tx.record(userCreated(2));
        fill();
        await tooLargeForMemory(tx).catch(() => undefined);
        free();
        const later = await Promise.allSettled([tx.rows.insert(Item, item(4)), tx.rows.query('SELECT 1')]);
        expect(later.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        tx.record(userCreated(2));
      });
      const [before, after] = others;

      const kept = [before && add(before, 'small'), swallows(), after && add(after, 'small')];
      const outcomes = await Promise.allSettled(kept);

      expect(outcomes[1]).toEqual({ status: 'rejected', reason: expect.any(LogUnavailable) as LogUnavailable });
      const acknowledged = others.filter((id) => outcomes[id - 1].status === 'fulfilled');
      expect(test.committed()).toEqual({
        items: acknowledged,
        events: acknowledged.map((_id, index) => ({ position: index + 1, stream: 'user-1', version: index + 1 })),
      });
    },
  );

  it('keeps every unit that it acknowledged and nothing else, while the disk fills up and is emptied', async () => {
    const acknowledged: number[] = [];
    let id = 0;
    const round = async (count: number): Promise<number> => {
      const first = id;
      id += count;
      const answered = await fulfilled(upTo(count).map((index) => add(first + index, 'x'.repeat(index * 2_000))));
      acknowledged.push(...answered.map((index) => first + index));
      return answered.length;
    };

    const before = await round(10);
    fill();
    let during = 0;
    for (let rounds = 0; rounds < 10; rounds++) during += await round(20);
    free();
    const after = await round(10);

    expect([before, after]).toEqual([10, 10]);
    expect(during).toBeLessThan(200);
    const { items, events } = test.committed();
    expect(items).toEqual(acknowledged);
    expect(events).toEqual(
      upTo(acknowledged.length).map((place) => ({ position: place, stream: 'user-1', version: place })),
    );
  });
});

function takes(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) > 0;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC') return false;
    throw error;
  }
}
