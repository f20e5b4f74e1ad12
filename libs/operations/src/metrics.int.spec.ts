import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backbone, EventBackboneModule, openBackbone, orderInstance, ParkedStream } from '@magasin/event-bus';
import { closeApp, openLog, serve } from '@magasin/hosting';
import { Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Counter, Gauge, Registry } from 'prom-client';
import { MetricsModule } from './metrics.module';

@Injectable()
class TillMetrics {
  readonly coins: Counter;
  readonly drawer: Gauge;

  constructor(registry: Registry) {
    this.coins = new Counter({ name: 'coins_total', help: 'Coins.', registers: [registry] });
    this.drawer = new Gauge({
      name: 'drawer_open',
      help: 'Asks a drawer that is stuck.',
      registers: [registry],
      collect: () => Promise.reject(new Error('stuck')),
    });
  }
}

@Module({ providers: [TillMetrics] })
class TillModule {}

const PARKED = {
  consumer: 'crier@replay-1',
  source: 'somewhere',
  stream: 'user-1',
  parked_at: 0,
  failed_at: 0,
  waiting: 1,
  attempts: 12,
  next_attempt_at: null,
  error: 'no voice',
  error_key: 'none',
};

describe('The metrics of an app', () => {
  let folder: string;
  let backbone: Backbone;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'metrics-'));
    backbone = await openBackbone({ url: `sqlite:${join(folder, 'till.sqlite')}`, entities: [], migrations: [] });
    backbone.bus.subscribe({ name: 'crier', handlers: [] });
    await backbone.bus.start();
    const imports = [EventBackboneModule.forShared(backbone), MetricsModule];
    const log = openLog('silent', 'till');
    app = await serve({ module: TillModule, imports }, { host: '127.0.0.1', port: 0, setting: 'PORT', log });
  });
  afterAll(async () => {
    await closeApp(app);
    await backbone.log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scrape = async (): Promise<{ status: number; text: string }> => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    return { status: response.status, text: await response.text() };
  };

  it('show what a module brings, and do without the one that fails', async () => {
    app.get(TillMetrics).coins.inc(3);

    const { status, text } = await scrape();

    expect(status).toBe(200);
    expect(text).toContain('\ncoins_total 3\n');
    expect(text).not.toContain('drawer_open');
    expect(text).toContain('\nmagasin_metrics_missing 1\n');
    expect(text).toContain('\nmagasin_database_up 1\n');
  });

  it('count what a consumer takes under its own name while an instance of it is built', async () => {
    const order = { consumer: 'crier', purpose: 'replay', from_position: 1, to_position: 1 } as const;
    await backbone.log.transaction((tx) => orderInstance(tx, order));
    // Its loop is there as soon as the bus has looked; parked, it would stay.
    await backbone.log.transaction(({ rows }) => rows.insert(ParkedStream, PARKED));
    backbone.bus.wake();
    while ((await backbone.bus.status()).length < 2) await delay(5);

    const { text } = await scrape();

    expect(text).toContain('\nmagasin_consumer_up{consumer="crier@replay-1"} ');
    expect(text).toContain('\nmagasin_consumer_events_total{consumer="crier",outcome="handled"} 0\n');
    expect(text).not.toContain('magasin_consumer_events_total{consumer="crier@replay-1"');
    expect(text).toContain('\nmagasin_metrics_missing 1\n');
  });

  it('are served without what is in the database while it is away', async () => {
    await backbone.bus.stop();
    await backbone.log.close();

    const { status, text } = await scrape();

    expect(status).toBe(200);
    expect(text).toContain('\nmagasin_database_up 0\n');
    expect(text).not.toMatch(/^magasin_(log_head|consumer_lag)/m);
    for (const name of ['magasin_http_request_duration_seconds_count', 'process_cpu_seconds_total', 'coins_total']) {
      expect(text).toContain(`\n${name}`);
    }
  });
});
