import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openBackbone } from '@magasin/event-bus';
import {
  closeApp,
  flushLog,
  hostingTables,
  openLog,
  readSettings,
  type Running,
  serve,
  StartRefused,
} from '@magasin/hosting';
import { AppHealth } from '@magasin/operations';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoolrielModule, CoolrielSettings } from '../../coolriel/src';
import { StoreManagerModule, StoreManagerSettings } from '../../store-manager/src';
import { MagasinSettings } from './settings';

type Settings = MagasinSettings & StoreManagerSettings & CoolrielSettings;

export interface Shop extends Running {
  /** Where the store answers: `http://localhost:5000`. */
  store: string;
  coolriel: string;
  settings: Settings;
}

/** The whole shop in one process: each app on its own port, one database, one bus. Composition only. */
export async function startShop(environment?: NodeJS.ProcessEnv): Promise<Shop> {
  const settings: Settings = {
    ...readSettings(MagasinSettings, environment),
    ...readSettings(StoreManagerSettings, environment),
    ...readSettings(CoolrielSettings, environment),
  };
  const { DATABASE_URL, TIME_ZONE, HOST, OUTPUT_FOLDER } = settings;
  const log = openLog(settings.LOG_LEVEL, 'magasin');
  const operations = { editing: settings.EDIT_PARKED_EVENTS === 'on', lagSeconds: settings.READY_LAG_SECONDS };
  mustWrite(OUTPUT_FOLDER, 'OUTPUT_FOLDER', () => mkdirSync(OUTPUT_FOLDER, { recursive: true }));
  const backbone = await openBackbone({
    url: DATABASE_URL,
    timeZone: TIME_ZONE,
    ...hostingTables,
    modules: [StoreManagerModule, CoolrielModule],
  }).catch((error: Error) => {
    throw new StartRefused(`The data can not be opened or written. DATABASE_URL is ${DATABASE_URL}: ${error.message}`);
  });
  const store = await serve(StoreManagerModule.with(backbone, operations), {
    name: 'store-manager',
    log,
    host: HOST,
    port: settings.STORE_MANAGER_PORT,
    setting: 'STORE_MANAGER_PORT',
  });
  // The store has any free port when its setting is 0. What somebody set himself, behind a proxy, stands.
  const STORE_URL = settings.STORE_URL === new CoolrielSettings().STORE_URL ? urlOf(store, HOST) : settings.STORE_URL;
  const coolriel = await serve(CoolrielModule.with(backbone, { ...settings, STORE_URL }, operations), {
    name: 'coolriel',
    log,
    host: HOST,
    port: settings.COOLRIEL_PORT,
    setting: 'COOLRIEL_PORT',
  });
  await backbone.bus.start();

  return {
    store: urlOf(store, HOST),
    coolriel: urlOf(coolriel, HOST),
    settings,
    async leave() {
      for (const app of [store, coolriel]) app.get(AppHealth).leave();
      await delay(settings.STOP_DELAY_SECONDS * 1_000);
    },
    async stop() {
      // The bus first: its handlers need the apps that they are in. What requests still record is carried at the next
      // start. The database closes last.
      await backbone.bus.stop();
      await closeApp(store);
      await closeApp(coolriel);
      await backbone.log.close();
      await flushLog(log);
    },
  };
}

function mustWrite(folder: string, setting: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    throw new StartRefused(`The folder ${folder} can not be written. ${setting} names it: ${(error as Error).message}`);
  }
}

/** An address that a browser here can open: all interfaces are not one. */
function urlOf(app: NestFastifyApplication, host: string): string {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `http://${name}:${(app.getHttpServer().address() as AddressInfo).port}`;
}
