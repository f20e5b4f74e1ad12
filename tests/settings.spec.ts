import { readFileSync } from 'node:fs';
import { CoolrielSettings } from '../apps/coolriel/src';
import { MagasinSettings } from '../apps/magasin/src/settings';
import { StoreManagerSettings } from '../apps/store-manager/src';

describe('.env.example', () => {
  it('names every setting with its default', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n');
    const written = Object.fromEntries(
      lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split(/=(.*)/).slice(0, 2)),
    );

    const { TIME_ZONE, ...settings } = {
      ...new MagasinSettings(),
      ...new StoreManagerSettings(),
      ...new CoolrielSettings(),
    };

    expect(written).toEqual(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])));
    // Its default is the machine's, so the example can only name it.
    expect(TIME_ZONE).not.toBe('');
    expect(lines.some((line) => line.startsWith('# TIME_ZONE='))).toBe(true);
  });
});
