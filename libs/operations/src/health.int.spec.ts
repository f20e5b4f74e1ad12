import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCreated } from '@magasin/contracts';
import { type Backbone, EventBackboneModule, type Handler, on, openBackbone, Unavailable } from '@magasin/event-bus';
import { closeApp, openLog, serve } from '@magasin/hosting';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import Sqlite from 'better-sqlite3';
import { AppHealth, type HealthReport } from './health';
import { HealthModule } from './health.module';

class TillModule {}

interface Probe extends HealthReport {
  code: number;
  cached: string | null;
}

describe('The health of an app', () => {
  let folder: string;
  let file: string;
  let backbone: Backbone;
  let app: NestFastifyApplication;
  let handle: Handler<UserCreated>['handle'];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'health-'));
    file = join(folder, 'till.sqlite');
    const retries = { firstDelayMs: 1, longestDelayMs: 1, limit: 1 };
    backbone = await openBackbone({ url: `sqlite:${file}`, entities: [], migrations: [], retries });
    handle = async () => undefined;
    backbone.bus.subscribe({ name: 'crier', handlers: [on(UserCreated, (...event) => handle(...event))] });
    const imports = [EventBackboneModule.forShared(backbone), HealthModule.with({ lagSeconds: 2 })];
    const log = openLog('silent', 'till');
    app = await serve({ module: TillModule, imports }, { host: '127.0.0.1', port: 0, setting: 'PORT', log });
  });
  afterEach(async () => {
    await closeApp(app);
    await backbone.bus.stop();
    await backbone.log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const probe = async (path: string): Promise<Probe> => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const health = (await response.json()) as HealthReport;
    return { ...health, code: response.status, cached: response.headers.get('cache-control') };
  };
  const until = async (reached: (health: Probe) => boolean): Promise<Probe> => {
    for (;;) {
      const health = await probe('/health');
      if (reached(health)) return health;
    }
  };
  const record = (id: number): Promise<void> =>
    backbone.log.transaction(async (tx) =>
      tx.record(UserCreated.of({ id, name: 'Ada', email: 'ada@example.com', user_type_id: 1 })),
    );

  it('is not ready before its consumers run, and lives all the same', async () => {
    expect(await probe('/health/ready')).toEqual({
      code: 503,
      cached: 'no-store',
      status: 'down',
      reasons: ['consumer crier is stopped'],
      checks: {
        process: { status: 'up', reasons: [] },
        database: { status: 'up', reasons: [] },
        consumers: { status: 'down', reasons: ['consumer crier is stopped'] },
      },
    });
    expect(await probe('/health/live')).toMatchObject({ code: 200, cached: 'no-store', status: 'up', reasons: [] });
  });

  it('is ready when all run, and shows what it knows of them', async () => {
    await backbone.bus.start();

    expect(await probe('/health/ready')).toMatchObject({ code: 200, status: 'up', reasons: [] });
    const { checks } = await probe('/health');
    expect(checks.database.details).toEqual({ head: 0, last_write_at: expect.stringMatching(/Z$/) as string });
    expect(checks.consumers.details).toEqual([
      expect.objectContaining({ consumer: 'crier', state: 'running', lag_seconds: 0, parked_streams: 0 }),
    ]);
  });

  it('stays ready while a consumer pauses, until an event has waited for too long, and then says for what', async () => {
    handle = () => Promise.reject(new Unavailable('the crier is hoarse'));
    await backbone.bus.start();
    await record(1);

    const pausing = await until(({ checks }) => JSON.stringify(checks.consumers.details ?? '').includes('hoarse'));
    const late = await until(({ status }) => status === 'down');
    handle = async () => undefined;
    const better = await until(({ status }) => status === 'up');

    expect(pausing).toMatchObject({ code: 200, status: 'up' });
    expect(late.code).toBe(503);
    expect(late.reasons).toEqual([
      expect.stringMatching(/^consumer crier is behind: its next event has waited \d+ s: the crier is hoarse$/),
    ]);
    expect(better).toMatchObject({ code: 200, reasons: [] });
  });

  it('stays ready with a parked stream, and reports it', async () => {
    handle = () => Promise.reject(new Error('what a name'));
    await backbone.bus.start();
    await record(1);

    const parked = await until(({ checks }) => JSON.stringify(checks.consumers).includes('"parked_streams":1'));

    expect(parked).toMatchObject({ code: 200, status: 'up', reasons: [] });
  });

  it('is not ready while another program holds the database, and is again when it lets go', async () => {
    await backbone.bus.start();
    const other = new Sqlite(file);
    other.exec('BEGIN IMMEDIATE');

    const held = await probe('/health/ready');
    other.exec('ROLLBACK');
    other.close();

    expect(held).toMatchObject({ code: 503, reasons: ['the database did not answer within 2 s'] });
    expect(await until(({ status }) => status === 'up')).toMatchObject({ code: 200 });
  });

  it('is not ready without its database', async () => {
    await backbone.bus.start();
    await backbone.bus.stop();
    await backbone.log.close();

    const { code, checks } = await probe('/health/ready');

    expect(code).toBe(503);
    expect(checks.database).toMatchObject({
      status: 'down',
      reasons: [expect.stringMatching(/^the database can not be asked: ./)],
    });
    expect(checks.consumers.status).toBe('down');
  });

  it('tries a write once, and is content with the lock of the writers after that', async () => {
    const other = new Sqlite(file, { readonly: true });
    const version = () => other.pragma('data_version', { simple: true });
    const versions = [version()];

    for (let n = 0; n < 20; n++) {
      await probe('/health/ready');
      versions.push(version());
    }

    other.close();
    expect(versions.indexOf(versions[1])).toBe(1);
    expect(new Set(versions).size).toBe(2);
  });

  it('says that it will stop while it still serves', async () => {
    await backbone.bus.start();

    app.get(AppHealth).leave();

    expect(await probe('/health/ready')).toMatchObject({ code: 503, reasons: ['the app is about to stop'] });
    expect(await probe('/health/live')).toMatchObject({ code: 200, reasons: [] });
  });
});
