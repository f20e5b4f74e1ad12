import { serverOf } from './session';

describe('serverOf', () => {
  it.each([
    ['10.11.19-MariaDB-0+deb12u1', 'MariaDB'],
    ['10.6.0-MariaDB', 'MariaDB'],
    ['5.5.5-10.6.12-MariaDB', 'MariaDB'],
    ['11.4.2-MariaDB-log', 'MariaDB'],
    ['8.4.0', 'MySQL'],
    ['9.1.0-commercial', 'MySQL'],
  ])('takes %s for a %s that will do', (version, kind) => {
    expect(serverOf(version)).toEqual({ kind, version });
  });

  it.each(['10.5.9-MariaDB', '5.5.5-10.4.1-MariaDB', '8.0.39', '5.7.44-log'])('refuses %s, and says why', (version) => {
    expect(() => serverOf(version)).toThrow(new RegExp(`${version.replaceAll('.', '\\.')}.* or newer is needed`));
  });
});
