import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { createClient } from '@redis/client';
import { createConnection } from 'mysql2/promise';
import { needs } from '../../../../tests/needs';
import { freshDatabase, type OwnServer, ownMariadb, ownRedis } from '../../../../tests/services';
import type { Backbone } from '../backbone';
import { build, spawnChild } from '../contract/children';
import { effectsOf, record, upTo, user, writesEffects } from '../contract/effects';
import { caughtUp, eventually, expectOneEffectEach, Scene } from '../contract/scene';
import { serverHarness } from '../drivers/database.harness';
import { Redis } from './redis';

/** One after the other, each waits for the one before: by looks alone, 5 s apart, they take longer than any test may. */
const IN_TURN = 60;

needs('mariadb', 'redis-server')('Processes that wake each other', () => {
  let redis: OwnServer;
  let scene: Scene;
  let writer: Backbone;
  let leader: Backbone;
  let reader: Backbone;
  let handled: number;
  beforeAll(async () => {
    await build();
    redis = await ownRedis();
  });
  afterAll(() => redis?.remove());
  beforeEach(async () => {
    scene = await Scene.create(serverHarness, { redis: `redis://${redis.address}` });
    [leader, reader, writer] = [await scene.open(), await scene.open(), await scene.open()];
    handled = 0;
    reader.bus.subscribe(writesEffects('mailer', () => (handled += 1)));
    await leader.bus.start();
    await eventually(() => leader.bus.relay()?.state === 'leading');
    await reader.bus.start();
    await hinted();
  });
  afterEach(() => scene.end());

  const hinted = (): Promise<void> => eventually(() => [leader, reader, writer].every(({ log }) => log.hinted));
  const inTurn = async (): Promise<void> => {
    for (const number of upTo(IN_TURN)) {
      const before = handled;
      await record(writer.log, user(number));
      await eventually(() => handled > before);
    }
    await eventually(() => caughtUp(reader, 'mailer'));
  };

  it('bring an event from one by another to a third without a look', async () => {
    await inTurn();

    await expectOneEffectEach(reader, 'mailer');
  });

  it('do so when one of them is killed, and another takes its place', async () => {
    const child = spawnChild('member.child', scene.address);
    await eventually(() => caughtUp(reader, 'mailer'));
    child.kill('SIGKILL');
    await scene.close(leader);
    await eventually(() => reader.bus.relay()?.state === 'leading');
    await record(writer.log, user(1));
    leader = reader;

    await inTurn();

    await expectOneEffectEach(reader, 'mailer');
  });

  it('reach a process of its own, and are reached by it', async () => {
    await scene.close(reader);
    reader = writer;
    const child = spawnChild('member.child', scene.address);
    await record(writer.log, user(1));
    await eventually(async () => (await effectsOf(writer.log, 'mailer')).length === 1);

    for (const number of upTo(IN_TURN)) {
      await record(writer.log, user(1));
      await eventually(async () => (await effectsOf(writer.log, 'mailer')).length === number + 1);
    }

    child.kill('SIGKILL');
    await expectOneEffectEach(writer, 'mailer');
  });

  it('look for it themselves while Redis is away, and do not when it is there again', async () => {
    const lines: string[] = [];
    const note = (line: unknown, context?: string): number => (context === 'redis' ? lines.push(String(line)) : 0);
    Logger.overrideLogger({ log: note, warn: note, error: note });
    const all = [leader, reader, writer];

    await redis.signal('SIGKILL');
    await record(writer.log, ...upTo(20).map((number) => user(number)));
    await eventually(() => caughtUp(reader, 'mailer'));
    await eventually(() => all.every(({ log }) => !log.hinted));
    // Several tries to connect.
    await delay(3_000);
    await record(writer.log, user(21));
    await eventually(() => caughtUp(reader, 'mailer'));
    await redis.start();
    await hinted();
    await inTurn();

    await expectOneEffectEach(reader, 'mailer');
    expect(lines.filter((line) => line.includes('is away'))).toHaveLength(all.length);
    expect(lines.filter((line) => line.includes('is there again'))).toHaveLength(all.length);
    expect(lines).toHaveLength(2 * all.length);
  });

  it('are not held up by one that froze, and find it out', async () => {
    await redis.signal('SIGSTOP');
    await record(writer.log, ...upTo(20).map((number) => user(number)));
    await eventually(() => caughtUp(reader, 'mailer'));
    await eventually(() => [leader, reader, writer].every(({ log }) => !log.hinted));
    await redis.signal('SIGCONT');
    await hinted();

    await inTurn();

    await expectOneEffectEach(reader, 'mailer');
  });

  it('do not hear those of another database', async () => {
    const other = await Scene.create(serverHarness, { redis: `redis://${redis.address}` });
    const stranger = await other.open();
    await eventually(() => stranger.log.hinted);
    let woken = 0;
    const stop = stranger.log.onRecorded(() => (woken += 1));

    await inTurn();
    stop();
    await other.end();

    // Its own look finds nothing new either.
    expect(woken).toBe(0);
  });
});

needs('mariadbd', 'redis-server')('A process with nothing to do', () => {
  let redis: OwnServer;
  let mariadb: OwnServer;
  beforeAll(async () => {
    [redis, mariadb] = await Promise.all([ownRedis(), ownMariadb()]);
  });
  afterAll(() => Promise.all([redis?.remove(), mariadb?.remove()]));

  it('asks its database for events less than once a second, leading or following', async () => {
    const { url } = await freshDatabase(`mariadb://root@${mariadb.address}`);
    const scene = await Scene.create({
      ...serverHarness,
      create: async () => ({ url }),
      remove: async () => undefined,
    });
    const open = async (address: string | undefined): Promise<Backbone> => {
      Object.assign(scene.address, { redis: address });
      const backbone = await scene.open();
      for (const name of ['first', 'second', 'third']) backbone.bus.subscribe(writesEffects(name));
      await backbone.bus.start();
      return backbone;
    };
    const watch = await createConnection(url);
    const asked = async (): Promise<{ all: number; selects: number }> => {
      const [rows] = await watch.query("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_select')");
      const of = new Map(
        (rows as { Variable_name: string; Value: string }[]).map((row) => [row.Variable_name, row.Value]),
      );
      return { all: Number(of.get('Questions')), selects: Number(of.get('Com_select')) };
    };
    /** A second, of all processes together. */
    const rate = async (): Promise<{ all: number; selects: number }> => {
      const [seconds, before] = [20, await asked()];
      await delay(seconds * 1_000);
      const after = await asked();
      return { all: (after.all - before.all) / seconds, selects: (after.selects - before.selects) / seconds };
    };
    const processes = [await open(undefined), await open(undefined)];
    await record(processes[0].log, user(1), user(2));
    await eventually(() => caughtUp(processes[0], 'first', 'second', 'third'));
    // Longer than it takes until a leader is idle.
    await delay(12_000);
    const without = await rate();
    for (const one of processes) await scene.close(one);

    const woken = [await open(`redis://${redis.address}`), await open(`redis://${redis.address}`)];
    await eventually(() => woken.every(({ log }) => log.hinted));
    await record(woken[0].log, user(3));
    await eventually(() => caughtUp(woken[1], 'first', 'second', 'third'));
    await delay(6_000);
    const quiet = await rate();

    await scene.end();
    await watch.end();
    process.stdout.write(`two idle processes, a second: ${JSON.stringify({ without, quiet })}\n`);
    // Whoever follows looks twice a second whether the leader lives: that is the lease, and no look for events.
    expect(quiet.selects - 2).toBeLessThan(1);
    expect(quiet.all).toBeLessThan(without.all / 2);
  });
});

needs('redis-server')('A Redis that wants a password', () => {
  it('is away, with what it says, and its password is in no line', async () => {
    const lines: string[] = [];
    const note = (line: unknown): number => lines.push(String(line));
    Logger.overrideLogger({ log: note, warn: note, error: note });
    const redis = await ownRedis();
    const owner = await createClient({ url: `redis://${redis.address}` }).connect();
    await owner.configSet('requirepass', 'right-password');
    owner.destroy();
    const denied = new Redis(`redis://:wrong-password@${redis.address}`);
    const admitted = new Redis(`redis://:right-password@${redis.address}`);

    await eventually(() => denied.status().state === 'away' && admitted.isThere);
    for (const one of [denied, admitted]) one.close();
    await redis.remove();

    expect(denied.isThere).toBe(false);
    expect(lines.join('\n')).toContain('is away, and the shop does without: WRONGPASS');
    expect(lines.join('\n')).not.toContain('wrong-password');
  });
});
