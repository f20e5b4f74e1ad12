import { existsSync } from 'node:fs';
import { type ValidationError, validateSync } from 'class-validator';

/** The program can not start, for a reason that whoever started it can mend. Its message is all he needs. */
export class StartRefused extends Error {
  override name = 'StartRefused';
}

/**
 * Reads the settings of a class from the environment and from `.env`, once, at start. A field is spelled as its
 * variable, and its initial value is the default; a number is read where the default is one.
 *
 * @throws StartRefused naming every variable that is wrong and what is accepted.
 */
export function readSettings<T extends object>(settingsClass: new () => T, environment?: NodeJS.ProcessEnv): T {
  const settings = new settingsClass();
  const source = environment ?? processEnvironment();
  for (const name of Object.keys(settings) as (keyof T & string)[]) {
    const text = source[name];
    if (text === undefined || text === '') continue;
    settings[name] = (typeof settings[name] === 'number' ? toNumber(text) : text) as T[typeof name];
  }
  const wrong = validateSync(settings);
  if (wrong.length > 0) throw new StartRefused(wrong.map(describe).join('\n'));
  return settings;
}

function processEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

const toNumber = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const describe = ({ property, value, constraints }: ValidationError): string =>
  `The setting ${property} is ${JSON.stringify(value)}: ${Object.values(constraints ?? {}).join(', ')}.`;
