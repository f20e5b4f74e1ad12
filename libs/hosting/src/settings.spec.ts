import { IsIn, IsInt, Max, Min } from 'class-validator';
import { readSettings, StartRefused } from './settings';

class ShipSettings {
  @IsInt()
  @Min(1)
  @Max(20)
  MASTS = 3;

  @IsIn(['red', 'black'], { message: 'accepted are red and black' })
  FLAG = 'red';
}

const refusal = (environment: NodeJS.ProcessEnv): Error => {
  try {
    readSettings(ShipSettings, environment);
  } catch (error) {
    return error as Error;
  }
  throw new Error('These settings were accepted.');
};

describe('readSettings', () => {
  it('gives the defaults when nothing is set', () => {
    const settings = readSettings(ShipSettings, {});

    expect(settings).toEqual({ MASTS: 3, FLAG: 'red' });
    expect(settings).toBeInstanceOf(ShipSettings);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readSettings(ShipSettings, { MASTS: '', FLAG: '' })).toEqual({ MASTS: 3, FLAG: 'red' });
  });

  it('reads a number where the default is one, and leaves text as it is', () => {
    expect(readSettings(ShipSettings, { MASTS: '5', FLAG: 'black' })).toEqual({ MASTS: 5, FLAG: 'black' });
  });

  it('reads nothing but the fields of the class', () => {
    expect(readSettings(ShipSettings, { CREW: '12', masts: '7' })).toEqual({ MASTS: 3, FLAG: 'red' });
  });

  it('refuses a wrong value with the name of its variable and what is accepted', () => {
    const error = refusal({ FLAG: 'green' });

    expect(error).toBeInstanceOf(StartRefused);
    expect(error.message).toBe('The setting FLAG is "green": accepted are red and black.');
  });

  it.each(['0', '21', '2.5', 'three', '1e1', '0x3', ' 3'])('refuses %j for a whole number from 1 to 20', (text) => {
    expect(refusal({ MASTS: text }).message).toMatch(/^The setting MASTS is .+: .*MASTS must/);
  });

  it('names all that are wrong at once, one in a line', () => {
    const lines = refusal({ MASTS: '0', FLAG: 'green' }).message.split('\n');

    expect(lines.map((line) => /^The setting (\w+) is/.exec(line)?.[1])).toEqual(['MASTS', 'FLAG']);
  });
});
