import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../scripts/services/services.mjs';
import { commandsOf } from './commands';
import { needs } from './needs';
import { ownTopics } from './own-topics';
import { freshDatabase, kafkaBrokers } from './services';
import { eventually, shopFolder, writeUser } from './shop-process';

const run = promisify(execFile);

const linesOf = (document: string, pattern: RegExp): string[] =>
  commandsOf(document)
    .map(({ line }) => line)
    .filter((line) => pattern.test(line));

needs(
  'kafka',
  'mariadb',
  'kcat',
)('The commands of docs/kafka.md', () => {
  const { folder, remove } = shopFolder();
  const { onKafka, removeTopics } = ownTopics();
  const starts = linesOf('docs/kafka.md', /^npm run start:/);
  const running: ChildProcess[] = [];
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let store: string;
  let environment: Record<string, string>;

  /** In a process group of its own: npm stands between. */
  const start = async (line: string): Promise<void> => {
    const env = { ...process.env, ...onKafka, LOG_LEVEL: 'warn', ...environment };
    const child = spawn('bash', ['-c', line], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    let said = '';
    const open = new Promise<void>((done) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('data      ')) done();
      });
    });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${line} ended:\n${said}`)));
    await Promise.race([open, ended]);
    ended.catch(() => undefined);
  };

  beforeAll(async () => {
    database = await freshDatabase();
    const [storePort, paymentsPort, coolrielPort] = [await freePort(), await freePort(), await freePort()];
    store = `http://localhost:${storePort}`;
    environment = {
      DATABASE_URL: database.url,
      OUTPUT_FOLDER: join(folder, 'output'),
      STORE_MANAGER_PORT: String(storePort),
      PAYMENTS_PORT: String(paymentsPort),
      COOLRIEL_PORT: String(coolrielPort),
    };
    for (const line of starts) await start(line);
  });
  afterAll(async () => {
    for (const child of running) {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      process.kill(-child.pid!, 'SIGTERM');
      await gone;
    }
    await removeTopics();
    await database.drop();
    await remove();
  });

  it('start the three apps, which share their work', async () => {
    expect(starts).toEqual(['npm run start:store', 'npm run start:payments', 'npm run start:coolriel']);
    const user = { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
    expect(await writeUser(store, user)).toEqual({ status: 201, body: { user_id: 6 } });
  });

  it.each([...linesOf('docs/kafka.md', /^kcat/), ...linesOf('docs/consumer-in-another-language.md', /^kcat/)])(
    'show the event on its topic: %s',
    async (line) => {
      const here = line
        .replace('localhost:9092', kafkaBrokers().join())
        .replace('user-events', `${onKafka.KAFKA_PREFIX}user-events`);

      await eventually(async () => {
        const { stdout } = await run('bash', ['-c', here]);
        expect(stdout).toMatch(/^\d \S+ .*ce_type=UserCreated.*"email":"grace@example.com"/m);
      });
    },
  );

  it('play a day that all of them agree on, with an event that is poisoned', async () => {
    const [line] = linesOf('docs/kafka.md', /npm run demo$/);
    const here = `${line.replace(/DATABASE_URL=\S+/, `DATABASE_URL=${database.url}`)} -- --customers 6`;

    const { stdout, stderr } = await run('bash', ['-c', here], { env: { ...process.env, ...environment } });

    expect(stdout).toMatch(/^events poisoned +1 .* yes$/m);
    expect(stdout).toContain('All agree on the day');
    expect(stderr).toBe('');
  });
});
