import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Kafka } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { freePort, SERVICES } from '../scripts/services/services.mjs';
import { needs } from './needs';
import { freshDatabase, mariadbUrl, type OwnServer, ownKafka, ownMariadb } from './services';
import { eventually, shopFolder } from './shop-process';
import { kafkaClient } from './kafka';

jest.setTimeout(300_000);

const databases = async (url: string): Promise<string[]> => {
  const connection = await createConnection(url);
  const [rows] = await connection.query('SHOW DATABASES');
  await connection.end();
  return (rows as { Database: string }[]).map(({ Database }) => Database);
};

needs('java', 'maven')('A Kafka broker of a test', () => {
  let broker: OwnServer;
  beforeAll(async () => {
    broker = await ownKafka();
  });
  afterAll(() => broker?.remove());

  const admin = async <T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const client = kafkaClient([broker.address]).admin();
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.disconnect();
    }
  };

  it('has its topics again after kill -9', async () => {
    await admin((client) => client.createTopics({ topics: [{ topic: 'order-events', numPartitions: 3 }] }));
    await broker.signal('SIGKILL');
    await expect(SERVICES.kafka.ask(broker.address)).rejects.toThrow('ECONNREFUSED');
    await broker.start();

    const { topics } = await admin((client) => client.fetchTopicMetadata({ topics: ['order-events'] }));
    expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([['order-events', 3]]);
  });

  it('says nothing while it is stopped, and goes on', async () => {
    await broker.signal('SIGSTOP');
    await expect(SERVICES.kafka.ask(broker.address)).rejects.toThrow('nothing within 10 s');
    await broker.signal('SIGCONT');

    await eventually(async () => expect(await SERVICES.kafka.ask(broker.address)).toMatch(/APIs/));
  });
});

needs('java', 'maven')('A Kafka broker', () => {
  it('starts when its cluster id begins with a dash, as one of 64 does', async () => {
    const { folder, remove } = shopFolder();
    const options = { folder, port: await freePort(), controllerPort: await freePort(), tied: true };
    const program = `
      import crypto from 'node:crypto';
      import { syncBuiltinESMExports } from 'node:module';
      crypto.randomBytes = (size) => Buffer.alloc(size, 0xf8);
      syncBuiltinESMExports();
      const { kafka } = await import(${JSON.stringify(require.resolve('../scripts/services/services.mjs'))});
      const broker = kafka(${JSON.stringify(options)});
      console.log(await broker.start());
      await broker.stop();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const made = readFileSync(join(folder, 'data', 'meta.properties'), 'utf8');
    await remove();

    expect(stdout).toMatch(/APIs/);
    expect(made).toMatch(/^cluster\.id=-Pj4/m);
  });
});

needs('mariadbd')('A MariaDB of a test', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await ownMariadb();
  });
  afterAll(() => server?.remove());

  it('has its databases again after kill -9', async () => {
    const { url } = await freshDatabase(`mariadb://root@${server.address}`);
    await server.signal('SIGKILL');
    await expect(createConnection(url)).rejects.toThrow('ECONNREFUSED');
    await server.start();

    expect(await databases(url)).toContain(new URL(url).pathname.slice(1));
  });

  it('keeps its temporary tables when another is started', async () => {
    const asker = await createConnection(`mariadb://root@${server.address}`);
    await asker.query('CREATE TEMPORARY TABLE mysql.kept (id int) ENGINE=Aria');
    // At its start a server removes what it finds of temporary tables, whose ever they are.
    await (await ownMariadb()).remove();

    await expect(asker.query('ALTER TABLE mysql.kept ADD name int')).resolves.toBeDefined();
    await expect(asker.query('DROP TEMPORARY TABLE mysql.kept')).resolves.toBeDefined();
    await asker.end();
  });

  it('can be stopped while it is frozen', async () => {
    await server.signal('SIGSTOP');
    await server.stop();
    expect(server.pid).toBeUndefined();

    await server.start();
    expect(server.pid).toBeDefined();
  });
});

needs('redis-server')('A server of a test', () => {
  it('dies with the process that started it', async () => {
    const { folder, remove } = shopFolder();
    const port = await freePort();
    const program = `
      const { redis } = await import(${JSON.stringify(require.resolve('../scripts/services/services.mjs'))});
      await redis(${JSON.stringify({ folder, port, tied: true })}).start();
      console.log('started');
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    expect(await SERVICES.redis.ask(`redis://127.0.0.1:${port}`)).toMatch(/^\d/);
    owner.kill('SIGKILL');

    await eventually(() => expect(SERVICES.redis.ask(`redis://127.0.0.1:${port}`)).rejects.toThrow('ECONNREFUSED'));
    await remove();
  });
});

needs('mariadb')('A fresh database', () => {
  it('is empty, speaks all of Unicode, and is gone after it was dropped', async () => {
    const { url, drop } = await freshDatabase();
    const connection = await createConnection(url);
    const [[row]] = (await connection.query('SELECT @@character_set_database AS charset')) as never as [[object]];
    const [tables] = await connection.query('SHOW TABLES');
    await connection.end();
    await drop();

    expect({ ...row }).toEqual({ charset: 'utf8mb4' });
    expect(tables).toEqual([]);
    expect(await databases(mariadbUrl())).not.toContain(new URL(url).pathname.slice(1));
  });
});
