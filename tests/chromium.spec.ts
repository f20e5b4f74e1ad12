import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChromium } from './chromium';
import { shopFolder } from './shop-process';

describe('The browser of the tests', () => {
  const { folder, remove } = shopFolder();
  const program = (...path: string[]): string => {
    const file = join(folder, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '', { mode: 0o755 });
    return file;
  };
  const chrome = program('first', 'google-chrome');
  const chromium = program('second', 'chromium');
  const own = program('my-browser');
  afterAll(remove);

  it('is the one that CHROMIUM names', () => {
    expect(findChromium({ CHROMIUM: own, PATH: join(folder, 'first') })).toBe(own);
  });

  it('is not another one when that can not be run', () => {
    expect(() => findChromium({ CHROMIUM: join(folder, 'gone'), PATH: join(folder, 'first') })).toThrow('ENOENT');
  });

  it('is found on the PATH by the usual names, Chromium first', () => {
    const both = [join(folder, 'first'), join(folder, 'second')].join(delimiter);

    expect(findChromium({ PATH: both })).toBe(chromium);
    expect(findChromium({ PATH: join(folder, 'first') })).toBe(chrome);
  });

  it('may be missing', () => {
    expect(findChromium({ PATH: folder })).toBeUndefined();
    expect(findChromium({})).toBeUndefined();
  });
});
