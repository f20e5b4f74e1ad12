import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backbone, openBackbone } from '@magasin/event-bus';
import { LogUnavailable, withoutPassword } from '@magasin/event-log';
import {
  addressOf,
  closeApp,
  flushLog,
  hostingTables,
  type Log,
  openLog,
  readSettings,
  type Running,
  serve,
  StartRefused,
} from '@magasin/hosting';
import { AppHealth, type OperationsOptions } from '@magasin/operations';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoolrielModule, CoolrielSettings } from '../../coolriel/src';
import { PaymentsModule, PaymentsSettings } from '../../payments/src';
import { StoreManagerModule, StoreManagerSettings } from '../../store-manager/src';
import { MagasinSettings } from './settings';

export type Settings = MagasinSettings & StoreManagerSettings & PaymentsSettings & CoolrielSettings;

export interface Shop extends Running {
  /** Where the store answers: `http://localhost:5000`. Undefined, as of the others, when this process does not host it. */
  store?: string;
  payments?: string;
  coolriel?: string;
  settings: Settings;
}

/** An app of the shop, the setting of its port, and those by which the others know where it is. */
interface App {
  name: string;
  setting: 'STORE_MANAGER_PORT' | 'PAYMENTS_PORT' | 'COOLRIEL_PORT';
  module(backbone: Backbone, settings: Settings, operations: OperationsOptions): DynamicModule;
  addresses(url: string): Partial<Settings>;
}

const APPS: App[] = [
  {
    name: 'store-manager',
    setting: 'STORE_MANAGER_PORT',
    module: (...shop) => StoreManagerModule.with(...shop),
    addresses: (url) => ({ STORE_URL: url, STORE_API_URL: url }),
  },
  {
    name: 'payments',
    setting: 'PAYMENTS_PORT',
    module: (...shop) => PaymentsModule.with(...shop),
    addresses: (url) => ({ PAYMENTS_URL: url, PAYMENT_LINK_BASE: `${url}/payments/process` }),
  },
  {
    name: 'coolriel',
    setting: 'COOLRIEL_PORT',
    module: (...shop) => CoolrielModule.with(...shop),
    addresses: () => ({}),
  },
];

/** The shop in one process, or some of its apps: each on its own port, one database, one bus. Composition only. */
export async function startShop(environment?: NodeJS.ProcessEnv): Promise<Shop> {
  const settings: Settings = {
    ...readSettings(MagasinSettings, environment),
    ...readSettings(StoreManagerSettings, environment),
    ...readSettings(PaymentsSettings, environment),
    ...readSettings(CoolrielSettings, environment),
  };
  const { DATABASE_URL, OUTPUT_FOLDER } = settings;
  const log = openLog(settings.LOG_LEVEL, 'magasin');
  mustWrite(OUTPUT_FOLDER, 'OUTPUT_FOLDER', () => mkdirSync(OUTPUT_FOLDER, { recursive: true }));
  // An app with any free port is known when it is open; where another process has one, nobody here can know.
  for (const app of APPS.filter(({ setting }) => settings[setting] !== 0)) {
    know(app, addressOf(settings.HOST, settings[app.setting]), settings);
  }
  const backbone = await openWhenThere(settings, log).catch((error: Error) => {
    const url = withoutPassword(DATABASE_URL);
    throw new StartRefused(`The data can not be opened or written. DATABASE_URL is ${url}: ${error.message}`);
  });
  const hosted = new Map<string, NestFastifyApplication>();
  for (const app of APPS.filter(({ name }) => settings.APPS.split(',').includes(name))) {
    hosted.set(app.name, await open(app, backbone, settings, log));
  }
  await backbone.bus.start();

  const url = (name: string): string | undefined =>
    hosted.has(name) ? urlOf(hosted.get(name)!, settings.HOST) : undefined;
  return {
    store: url('store-manager'),
    payments: url('payments'),
    coolriel: url('coolriel'),
    settings,
    async leave() {
      for (const app of hosted.values()) app.get(AppHealth).leave();
      await delay(settings.STOP_DELAY_SECONDS * 1_000);
    },
    async stop() {
      // The bus first: its handlers need the apps that they are in. What requests still record is carried at the next
      // start. The database closes last.
      await backbone.bus.stop();
      for (const app of hosted.values()) await closeApp(app);
      await backbone.log.close();
      backbone.redis?.close();
      await flushLog(log);
    },
  };
}

/** A server may still be starting: it is waited for, and what for is said once. */
async function openWhenThere(settings: Settings, log: Log): Promise<Backbone> {
  const { DATABASE_URL, DATABASE_WAIT_SECONDS, EVENT_BUS, REDIS_URL, TIME_ZONE } = settings;
  const until = Date.now() + DATABASE_WAIT_SECONDS * 1_000;
  const words = `waits up to ${DATABASE_WAIT_SECONDS} s for ${withoutPassword(DATABASE_URL)}`;
  for (let said = false; ; said = true) {
    try {
      // The tables of all apps, also of those that another process hosts: they share the database.
      return await openBackbone({
        url: DATABASE_URL,
        timeZone: TIME_ZONE,
        ...(EVENT_BUS === 'kafka' && { kafka: kafkaOf(settings) }),
        redis: REDIS_URL,
        ...hostingTables,
        modules: [StoreManagerModule, PaymentsModule, CoolrielModule],
      });
    } catch (error) {
      const waits = error instanceof LogUnavailable && !DATABASE_URL.startsWith('sqlite:') && Date.now() < until;
      if (!waits) throw error;
      if (!said) log.warn({ app: 'magasin', context: 'start' }, `${words}: ${error.message}`);
      await delay(500);
    }
  }
}

const kafkaOf = ({ KAFKA_BROKERS, KAFKA_PREFIX, MISSING_EVENTS, PAST, STORE_URL }: Settings) => ({
  brokers: KAFKA_BROKERS.split(','),
  topicPrefix: KAFKA_PREFIX,
  groupPrefix: KAFKA_PREFIX,
  missingEvents: MISSING_EVENTS,
  ...(PAST === 'store' && { owner: STORE_URL }),
});

async function open(app: App, backbone: Backbone, settings: Settings, log: Log): Promise<NestFastifyApplication> {
  const { name, setting } = app;
  const operations = { editing: settings.EDIT_PARKED_EVENTS === 'on', lagSeconds: settings.READY_LAG_SECONDS };
  const served = await serve(app.module(backbone, settings, operations), {
    name,
    log,
    host: settings.HOST,
    port: settings[setting],
    setting,
  });
  know(app, urlOf(served, settings.HOST), settings);
  return served;
}

/** Tells the others where an app is. What somebody set himself, behind a proxy, stands. */
function know(app: App, url: string, settings: Settings): void {
  const defaults: Partial<Settings> = {
    ...new StoreManagerSettings(),
    ...new PaymentsSettings(),
    ...new CoolrielSettings(),
  };
  for (const [key, address] of Object.entries(app.addresses(url))) {
    const known = key as keyof Settings;
    if (settings[known] === defaults[known]) Object.assign(settings, { [known]: address });
  }
}

function mustWrite(folder: string, setting: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    throw new StartRefused(`The folder ${folder} can not be written. ${setting} names it: ${(error as Error).message}`);
  }
}

const urlOf = (app: NestFastifyApplication, host: string): string =>
  addressOf(host, (app.getHttpServer().address() as AddressInfo).port);
