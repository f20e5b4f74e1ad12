import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { openBackbone } from '@magasin/event-bus';
import { closeApp, readSettings, serve, StartRefused } from '@magasin/hosting';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoolrielModule, CoolrielSettings } from '../../coolriel/src';
import { StoreManagerModule, StoreManagerSettings } from '../../store-manager/src';
import { MagasinSettings } from './settings';

type Settings = MagasinSettings & StoreManagerSettings & CoolrielSettings;

export interface Shop {
  /** Where the store answers: `http://localhost:5000`. */
  store: string;
  coolriel: string;
  settings: Settings;
  stop(): Promise<void>;
}

/** The whole shop in one process: each app on its own port, one database, one bus. Composition only. */
export async function startShop(environment?: NodeJS.ProcessEnv): Promise<Shop> {
  const settings: Settings = {
    ...readSettings(MagasinSettings, environment),
    ...readSettings(StoreManagerSettings, environment),
    ...readSettings(CoolrielSettings, environment),
  };
  const { DATABASE_URL, TIME_ZONE, HOST, OUTPUT_FOLDER } = settings;
  mustWrite(OUTPUT_FOLDER, 'OUTPUT_FOLDER', () => mkdirSync(OUTPUT_FOLDER, { recursive: true }));
  const backbone = await openBackbone({
    url: DATABASE_URL,
    timeZone: TIME_ZONE,
    modules: [StoreManagerModule, CoolrielModule],
  }).catch((error: Error) => {
    throw new StartRefused(`The data can not be opened or written. DATABASE_URL is ${DATABASE_URL}: ${error.message}`);
  });
  const store = await serve(StoreManagerModule.with(backbone), {
    host: HOST,
    port: settings.STORE_MANAGER_PORT,
    setting: 'STORE_MANAGER_PORT',
  });
  const coolriel = await serve(CoolrielModule.with(backbone, settings), {
    host: HOST,
    port: settings.COOLRIEL_PORT,
    setting: 'COOLRIEL_PORT',
  });
  await backbone.bus.start();

  return {
    store: urlOf(store, HOST),
    coolriel: urlOf(coolriel, HOST),
    settings,
    async stop() {
      // First nobody asks any more, then what was asked is carried to its end, then the database closes.
      await closeApp(store);
      await backbone.bus.stop();
      await closeApp(coolriel);
      await backbone.log.close();
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

const urlOf = (app: NestFastifyApplication, host: string): string =>
  `http://${host}:${(app.getHttpServer().address() as AddressInfo).port}`;
