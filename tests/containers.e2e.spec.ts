import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { freePort, redis } from '../scripts/services/services.mjs';
import { imageFolder, imageOf, servicesOf } from './containers';
import { needs } from './needs';
import { ownTopics } from './own-topics';
import { freshDatabase, type FreshDatabase, kafkaBrokers, mariadbUrl, randomName } from './services';
import { eventually, writeUser } from './shop-process';
import { MailServer } from './smtp/mail-server';

jest.setTimeout(300_000);

const PASSWORD = 'a1b2c3d4e5f6';
const PORTS: Record<string, string> = {
  'store-manager': 'STORE_MANAGER_PORT',
  payments: 'PAYMENTS_PORT',
  coolriel: 'COOLRIEL_PORT',
};
const image = imageOf();
const services = servicesOf('docker-compose.yml', { MYSQL_PASSWORD: PASSWORD, MYSQL_ROOT_PASSWORD: PASSWORD });

/** What a container of an app runs, as a process here. */
interface Container {
  app: string;
  url: string;
  environment: Record<string, string>;
  process: ChildProcess;
  output: string;
}

// No engine: what the image holds is a folder, and its command runs with the variables of the compose file.
needs(
  'kafka',
  'mariadb',
  'redis-server',
)('The image, with what docker-compose.yml gives each app,', () => {
  const { onKafka, removeTopics } = ownTopics();
  const user = randomName('magasin');
  const containers: Container[] = [];
  let files: ReturnType<typeof imageFolder>;
  let database: FreshDatabase;
  let mail: MailServer;
  let cache: ReturnType<typeof redis>;

  /** As the image of MySQL makes it: a user who may do everything in his database, and nothing elsewhere. */
  const onServer = async (...statements: string[]): Promise<void> => {
    const connection = await createConnection(mariadbUrl().replace(/^mariadb:/, 'mysql:'));
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };

  beforeAll(async () => {
    files = imageFolder();
    mail = await MailServer.start();
    // Whose keys nobody has to find again.
    cache = redis({ folder: mkdtempSync(join(tmpdir(), 'magasin-redis-')), port: await freePort(), tied: true });
    await cache.start();
    database = await freshDatabase();
    const name = new URL(database.url).pathname.slice(1);
    await onServer(`CREATE USER ${user} IDENTIFIED BY '${PASSWORD}'`, `GRANT ALL ON ${name}.* TO ${user}`);
    for (const app of ['store-manager', 'store-manager', 'payments', 'coolriel'])
      containers.push(await start(app, name));
  });
  afterAll(async () => {
    for (const { process: child } of containers) child.kill('SIGKILL');
    await mail?.stop();
    await cache?.stop();
    if (cache) rmSync(cache.folder, { recursive: true });
    await database?.drop();
    await onServer(`DROP USER IF EXISTS ${user}`);
    await removeTopics();
    files?.remove();
  });

  async function start(app: string, databaseName: string): Promise<Container> {
    const port = String(await freePort());
    const server = new URL(mariadbUrl());
    // The services of the compose file by their names, and where they are here.
    const here: [string, string][] = [
      ['magasin:', `${user}:`],
      ['mysql:3306/magasin', `${server.hostname}:${server.port || 3306}/${databaseName}`],
      ['kafka:9092', kafkaBrokers().join()],
      ['redis:6379', cache.address],
      ['mailpit', '127.0.0.1'],
      ['1025', String(mail.port)],
    ];
    const given = Object.entries(services[app].environment!).map(([name, value]) => [
      name,
      here.reduce((text, [there, place]) => text.replace(there, place), String(value)),
    ]);
    const environment: Record<string, string> = {
      ...image.environment,
      ...(Object.fromEntries(given) as Record<string, string>),
      ...files.environment,
      KAFKA_PREFIX: onKafka.KAFKA_PREFIX,
      [PORTS[app]]: port,
    };
    const [node, ...words] = image.command;
    expect(node).toBe('node');
    const child = spawn(process.execPath, words, { cwd: files.folder, env: environment, stdio: 'pipe' });
    const container = { app, url: `http://127.0.0.1:${port}`, environment, process: child, output: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (container.output += chunk.toString()));
    }
    return container;
  }

  const inContainer = ({ environment }: Container, [node, ...words]: string[]) =>
    promisify(execFile)(node.replace(/^node$/, process.execPath), words, { cwd: files.folder, env: environment });

  it('opens each of them, and is ready', async () => {
    for (const container of containers) {
      await eventually(async () => {
        const ready = await fetch(`${container.url}/health/ready`).catch(() => undefined);
        // What it says when it does not come up.
        expect([container.app, ready?.status, ready?.ok ? '' : container.output]).toEqual([container.app, 200, '']);
      }, 240_000);
    }
  });

  it('is found healthy by its own health check', async () => {
    for (const container of containers) {
      // On a machine that does much else it may come too late.
      await eventually(async () => {
        expect(await inContainer(container, image.healthCheck)).toEqual({ stdout: '', stderr: '' });
      });
    }
  });

  it('is found unhealthy where nothing answers', async () => {
    const [{ environment }] = containers;
    const elsewhere = { ...containers[0], environment: { ...environment, STORE_MANAGER_PORT: '1' } };

    await expect(inContainer(elsewhere, image.healthCheck)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('store-manager does not answer at http://127.0.0.1:1/health/live'),
    });
  });

  it('sends the e-mail of one app about what another has written', async () => {
    const email = `${randomName('grace')}@example.com`;
    const answer = await writeUser(containers[1].url, { name: 'Grace Hopper', email, user_type_id: 1 });

    expect(answer?.status).toBe(201);
    await eventually(async () => expect(mail.idsFor(email)).toHaveLength(1));
  });

  it('has the command line', async () => {
    const { stdout } = await inContainer(containers[0], [
      'node',
      'dist/apps/magasin/src/cli/main.js',
      'consumers',
      '--url',
      containers[0].url,
    ]);

    expect(stdout).toContain('best-sellers');
  });

  it('ends with 0 when it is told to', async () => {
    const ended = containers.map(
      ({ process: child }) => new Promise((done) => child.once('close', (code, signal) => done(signal ?? code))),
    );
    for (const { process: child } of containers) child.kill('SIGTERM');

    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
  });
});
