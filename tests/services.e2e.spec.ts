import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort, SERVICES } from '../scripts/services/services.mjs';
import { needs } from './needs';
import { freshDatabase } from './services';
import { shopFolder } from './shop-process';
import { kafkaClient } from './kafka';

const SCRIPT = resolve('scripts/services.mjs');

jest.setTimeout(300_000);

needs(
  'java',
  'maven',
  'mariadbd',
  'redis-server',
)('npm run services', () => {
  const { folder, remove } = shopFolder();
  let ports: { mariadb: number; redis: number; kafka: number };
  let addresses: Record<string, string>;
  beforeAll(async () => {
    ports = { mariadb: await freePort(), redis: await freePort(), kafka: await freePort() };
    addresses = {
      MARIADB_URL: `mariadb://root@127.0.0.1:${ports.mariadb}`,
      REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
      KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    };
  });
  afterAll(async () => {
    await services('stop');
    await remove();
  });

  /** In a process group of its own, with a pipe as a descriptor that it knows nothing of. Waits until all are closed. */
  const run = async (words: string[], environment: NodeJS.ProcessEnv = {}, cwd = folder) => {
    const inherited = 20;
    const stdio = ['ignore', 'pipe', 'pipe', ...Array<'ignore'>(inherited - 3).fill('ignore'), 'pipe'] as const;
    const env = { ...process.env, ...addresses, ...environment };
    const child = spawn(process.execPath, [SCRIPT, ...words], { cwd, env, stdio: [...stdio], detached: true });
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    (child.stdio as (Readable | null)[])[inherited]!.resume();
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, output, group: child.pid! };
  };
  const services = (...words: string[]) => run([...words, ...(words[0] === 'start' ? ['--native'] : [])]);

  /** The rows of the table, cell by cell. */
  const rows = (output: string): string[][] =>
    output
      .split('\n')
      .filter((line) => /^(MariaDB|Redis|Kafka) {2}/.test(line))
      .map((line) => line.split(/ {2,}/));
  const pidOf = (name: string, place = folder): number =>
    Number(readFileSync(join(place, '.services', name, 'pid'), 'utf8').split(' ')[0]);
  const pids = (): number[] => ['mariadb', 'redis', 'kafka'].map((name) => pidOf(name));
  const started = (title: keyof typeof logs, pid: number, port: number) => [
    title,
    `127.0.0.1:${port}`,
    expect.stringMatching(/\d/),
    `started from here, pid ${pid}, .services/${logs[title]}`,
  ];
  const logs = { MariaDB: 'mariadb/error.log', Redis: 'redis/redis.log', Kafka: 'kafka/server.log' };
  const table = () => {
    const [mariadb, redis, kafka] = pids();
    return [
      started('MariaDB', mariadb, ports.mariadb),
      started('Redis', redis, ports.redis),
      started('Kafka', kafka, ports.kafka),
    ];
  };

  describe('starts', () => {
    let first: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      first = await services('start');
    });

    it('each natively, and says what runs where', () => {
      expect(first.output).toContain(`Kafka is started at 127.0.0.1:${ports.kafka} ...`);
      expect(rows(first.output)).toEqual(table());
      expect(first.code).toBe(0);
    });

    it('servers that do what they are for', async () => {
      const database = await freshDatabase(addresses.MARIADB_URL);
      await database.drop();
      const admin = kafkaClient([addresses.KAFKA_BROKERS]).admin();
      await admin.connect();
      const made = await admin.createTopics({ topics: [{ topic: 'user-events' }] });
      await admin.disconnect();

      expect(made).toBe(true);
      expect(await SERVICES.redis.ask(addresses.REDIS_URL)).toMatch(/^\d/);
    });

    it('nothing in its own process group, which a shell may end', () => {
      expect(() => process.kill(-first.group, 0)).toThrow('ESRCH');
    });

    it('nothing a second time', async () => {
      const before = pids();
      const { code, output } = await services('start');

      expect(pids()).toEqual(before);
      expect(rows(output)).toEqual(table());
      expect(output).not.toContain('is started');
      expect(code).toBe(0);
    });

    it('what was killed, on the data that it had', async () => {
      process.kill(pidOf('kafka'), 'SIGKILL');
      const away = await services('status', 'kafka');
      const { code, output } = await services('start', 'kafka');
      const admin = kafkaClient([addresses.KAFKA_BROKERS]).admin();
      await admin.connect();
      const topics = await admin.listTopics();
      await admin.disconnect();

      expect(away.code).toBe(1);
      expect(rows(away.output)).toEqual([
        [
          'Kafka',
          `127.0.0.1:${ports.kafka}`,
          'does not answer',
          'started from here, has ended by itself, .services/kafka/server.log',
        ],
      ]);
      expect(away.output).toMatch(/^Kafka has ended\. The last lines of \S+server\.log:\n[^]+ INFO BrokerServer /m);
      expect(rows(output)).toEqual([started('Kafka', pidOf('kafka'), ports.kafka)]);
      expect(code).toBe(0);
      expect(topics).toContain('user-events');
    });

    it('nothing where one answers that was started elsewhere, and leaves that alone', async () => {
      const other = shopFolder();
      const begun = await run(['start', 'redis', '--native'], {}, other.folder);
      const ended = await run(['stop', 'redis'], {}, other.folder);
      await other.remove();

      expect(rows(begun.output)).toEqual([
        ['Redis', `127.0.0.1:${ports.redis}`, expect.stringMatching(/^\d/), 'not started from here'],
      ]);
      expect(ended.output).toBe('Redis: not started from here, left alone.\n');
      expect((await services('status', 'redis')).code).toBe(0);
    });

    it('nothing elsewhere when its port is changed meanwhile', async () => {
      const { code, output } = await run(['redis', '--native'], { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });

      expect(output).toContain(`Redis of this folder runs on port ${ports.redis}. Stop that first.`);
      expect(code).toBe(1);
    });

    it('and stops what it started', async () => {
      const before = pids();
      const { code, output } = await services('stop');

      expect(output).toBe(
        `MariaDB: ended, pid ${before[0]}.\nRedis: ended, pid ${before[1]}.\nKafka: ended, pid ${before[2]}.\n`,
      );
      expect(code).toBe(0);
      expect(rows((await services('status')).output).map(([, , answer]) => answer)).toEqual(
        Array.from({ length: 3 }, () => 'does not answer'),
      );
    });
  });

  describe('says in words', () => {
    let stranger: Server;
    beforeAll(() => {
      stranger = createServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('220 here is a mail server\r\n'),
      );
    });
    afterEach(() => new Promise((done) => stranger.close(done)));

    it.each(['mariadb', 'redis', 'kafka'] as const)('that another program has the port of %s', async (name) => {
      await new Promise<void>((done) => stranger.listen(ports[name], '127.0.0.1', done));
      const { code, output } = await services('start', name);

      const { title, variable } = SERVICES[name];
      expect(output).toContain(
        `127.0.0.1:${ports[name]} is taken: what listens there does not answer as ${title} does`,
      );
      expect(output).toMatch(new RegExp(`take another: ${variable}=\\S+:${ports[name] + 10_000} npm run services`));
      expect(code).toBe(1);
    });

    it('that another program has the second port of Kafka', async () => {
      await new Promise<void>((done) => stranger.listen(ports.kafka + 1, '127.0.0.1', done));
      const { code, output } = await services('start', 'kafka');

      expect(output).toContain(`Kafka can not start: port ${ports.kafka + 1} is taken by another program.`);
      expect(code).toBe(1);
    });
  });

  it('shows the last lines of the log when a start fails', async () => {
    const file = join(folder, '.services', 'redis', 'appendonlydir', 'appendonly.aof.manifest');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'not a manifest\n');
    const { code, output } = await services('start', 'redis');

    expect(output).toContain('Redis ended instead of answering. The last lines of ');
    expect(output).toContain('Invalid AOF manifest file format');
    expect(code).toBe(1);
  });

  it.each([
    ['kafka', 'there is no java: apt-get install default-jre-headless'],
    ['mariadb', 'There is no mariadb-install-db: apt-get install mariadb-server-core'],
    ['redis', 'There is no redis-server: apt-get install redis-server'],
  ])('says what %s lacks', async (name, message) => {
    const empty = shopFolder();
    const { code, output } = await run(['start', name, '--native'], { PATH: empty.folder }, empty.folder);
    await empty.remove();

    expect(output).toContain(message);
    expect(code).toBe(1);
  });

  it('does not end a process that has got the number of one of its own', async () => {
    mkdirSync(join(folder, '.services', 'redis'), { recursive: true });
    const innocent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = new Promise((done) => innocent.once('close', (_code, signal) => done(signal)));
    writeFileSync(join(folder, '.services', 'redis', 'pid'), `${innocent.pid} ${ports.redis}`);
    const { output } = await services('stop', 'redis');
    innocent.kill('SIGINT');

    expect(await ended).toBe('SIGINT');
    expect(output).toBe('Redis: not started from here, left alone.\n');
  });

  it('refuses a name that it does not know', async () => {
    const { code, output } = await services('start', 'postgres');

    expect(output).toContain('There is no postgres.');
    expect(code).toBe(1);
  });
});
