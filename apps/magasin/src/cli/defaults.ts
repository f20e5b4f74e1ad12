import 'reflect-metadata';
import { addressOf, readSettings, StartRefused } from '@magasin/hosting';
import { IsString } from 'class-validator';
import { CoolrielSettings } from '../../../coolriel/src';
import { PaymentsSettings } from '../../../payments/src';
import { StoreManagerSettings } from '../../../store-manager/src';
import { MagasinSettings } from '../settings';
import { wrongUsage } from './failures';

// Loaded only when something is not given on the command line: it brings the apps along, and they take their time.

/** Where the shop of these settings answers. */
export function storeUrl(): string {
  return urlOf(read(StoreManagerSettings).STORE_MANAGER_PORT, 'STORE_MANAGER_PORT', '--url');
}

export function coolrielUrl(): string {
  return urlOf(read(CoolrielSettings).COOLRIEL_PORT, 'COOLRIEL_PORT', '--coolriel-url');
}

export function paymentsUrl(): string {
  return urlOf(read(PaymentsSettings).PAYMENTS_PORT, 'PAYMENTS_PORT', '--payments-url');
}

/** Where the shop of this folder keeps its data. */
export const databaseUrl = (): string => read(MagasinSettings).DATABASE_URL;

/** What a person edits with. */
class EditorSettings {
  @IsString()
  VISUAL = '';

  @IsString()
  EDITOR = '';
}

export function editor(): string {
  const { VISUAL, EDITOR } = read(EditorSettings);
  return VISUAL || EDITOR || 'vi';
}

function read<T extends object>(settings: new () => T): T {
  try {
    return readSettings(settings);
  } catch (error) {
    throw error instanceof StartRefused ? wrongUsage(error.message) : error;
  }
}

function urlOf(port: number, setting: string, option: string): string {
  if (port === 0) {
    throw wrongUsage(`${setting} is 0, any free port: give the URL by ${option}. The shop printed it when it opened.`);
  }
  return addressOf(read(MagasinSettings).HOST, port);
}
