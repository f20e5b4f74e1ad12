import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readSettings } from '@magasin/hosting';
import { CoolrielSettings } from '../../coolriel/src';
import { PaymentsSettings } from '../../payments/src';
import { StoreManagerSettings } from '../../store-manager/src';
import { MagasinSettings } from './settings';

const example = readFileSync(join(__dirname, '../../../.env.example'), 'utf8');
const classes: (new () => object)[] = [MagasinSettings, StoreManagerSettings, PaymentsSettings, CoolrielSettings];

/** Some of them concern several apps. */
const names = new Set(classes.flatMap((settings) => Object.keys(new settings())));

/** Its default is the machine's, so it stands there as a comment. */
const DEFAULT_OF_THE_MACHINE = 'TIME_ZONE';

describe('.env.example', () => {
  it('names every setting of every app, once, and no other', () => {
    const named = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(named.toSorted()).toEqual([...names].toSorted());
  });

  it('gives each its default', () => {
    const given = parseEnv(example);

    const defaults = Object.assign({}, ...classes.map((settings) => new settings())) as Record<string, unknown>;
    delete defaults[DEFAULT_OF_THE_MACHINE];
    expect(given).toEqual(Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)])));
  });

  it('says of each in the line above what it is', () => {
    const lines = example.split('\n');

    const above = lines.flatMap((line, index) => (/^(# )?[A-Z_]+=/.test(line) ? [lines[index - 1]] : []));
    expect(above).toHaveLength(names.size);
    expect(above.filter((line) => !/^# [A-Z].+\.$/.test(line))).toEqual([]);
  });

  it('is accepted as it stands, and with its comments taken off', () => {
    const all = parseEnv(example.replaceAll(/^# (?=[A-Z_]+=)/gm, ''));

    expect(all[DEFAULT_OF_THE_MACHINE]).toBe('America/Toronto');
    expect(readSettings(MagasinSettings, all)).toEqual({ ...new MagasinSettings(), TIME_ZONE: 'America/Toronto' });
    for (const settings of classes) expect(readSettings(settings, parseEnv(example))).toEqual(new settings());
  });
});

describe('The settings of the shop', () => {
  it.each([
    ['DATABASE_URL', 'postgres://localhost/magasin', 'accepted is sqlite:<file>'],
    ['TIME_ZONE', 'Mars/Olympus', 'accepted is a name like America/Toronto'],
    ['EVENT_BUS', 'pigeon', 'accepted is database'],
    ['EDIT_PARKED_EVENTS', 'maybe', 'accepted is off or on'],
    ['LOG_LEVEL', 'loud', 'accepted are fatal, error, warn, info, debug, trace, silent'],
  ])('refuse a wrong %s', (name, value, accepted) => {
    expect(() => readSettings(MagasinSettings, { [name]: value })).toThrow(
      `The setting ${name} is "${value}": ${accepted}`,
    );
  });

  it.each([
    ['STORE_MANAGER_PORT', StoreManagerSettings],
    ['PAYMENTS_PORT', PaymentsSettings],
    ['COOLRIEL_PORT', CoolrielSettings],
  ])('refuse a wrong %s', (name, settings: new () => object) => {
    for (const value of ['-1', '65536', '80.5', 'http', '0x50']) {
      expect(() => readSettings(settings, { [name]: value })).toThrow(`The setting ${name} is `);
    }
    expect(readSettings(settings, { [name]: '65535' })).toHaveProperty(name, 65_535);
  });
});
