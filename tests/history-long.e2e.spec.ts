import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillLog } from './filled-log';
import { ended, runHistory, startHistory } from './history-process';
import { eventually, shopFolder } from './shop-process';

const EVENTS = 200_000;
/** Of JavaScript's heap: the program alone takes 22 MB of it, all events of the log would take more than 200 MB. */
const HEAP_MB = 64;
const GROWTH_MB = 64;

describe('npm run history, of a long log', () => {
  const { folder, remove } = shopFolder();
  const output = join(folder, 'output');
  const file = join(output, 'events.ndjson');
  let url: string;
  beforeAll(async () => {
    url = await fillLog(folder, EVENTS);
  });
  afterAll(remove);

  it('needs no more memory than for a short one', async () => {
    const tell = join(folder, 'tell-memory.cjs');
    writeFileSync(tell, `process.on('exit', () => console.error(process.resourceUsage().maxRSS));`);
    const nodeOptions = `--require ${tell} --max-old-space-size=${HEAP_MB} --max-semi-space-size=2`;

    const megabytes = async (...options: string[]): Promise<number> => {
      const { code, out, err } = await runHistory(folder, url, options, nodeOptions);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\d+ events/) as string });
      return Number(err) / 1_024;
    };
    const short = await megabytes('--limit', '1000');
    const long = Math.max(await megabytes(), await megabytes('--format', 'ndjson'));

    expect(readFileSync(file, 'latin1').split('\n')).toHaveLength(EVENTS + 1);
    expect(long - short).toBeLessThan(GROWTH_MB);
  });

  it('finds nothing of a type that is not there, and the one at the end', async () => {
    expect(await runHistory(folder, url, ['--type', 'UserDeleted', '--output', '-'])).toEqual({
      code: 0,
      out: '[]\n',
      err: '0 events\n',
    });
    const { out } = await runHistory(folder, url, [
      '--type',
      'UserCreated',
      '--after',
      String(EVENTS - 1),
      '--output',
      '-',
    ]);
    expect(JSON.parse(out)).toMatchObject([{ n: EVENTS - 1 }]);
  });

  it('ends well when whoever reads its output has had enough', async () => {
    const child = startHistory(folder, url, ['--format', 'ndjson', '--output', '-']);
    const end = ended(child);
    await once(child.stdout!, 'data');

    child.stdout!.destroy();

    const { code, err } = await end;
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^\d+ events\n$/) as string });
    expect(Number.parseInt(err, 10)).toBeLessThan(EVENTS);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no half file at a %s, and the file before as it was',
    async (signal) => {
      mkdirSync(output, { recursive: true });
      writeFileSync(file, 'the file before\n');
      const child = startHistory(folder, url, ['--format', 'ndjson']);
      const end = ended(child);
      await eventually(async () => expect(readdirSync(output).some((name) => name.endsWith('.part'))).toBe(true));

      child.kill(signal);

      expect(await end).toEqual({ code: null, out: '', err: '' });
      expect(child.signalCode).toBe(signal);
      expect(readdirSync(output).filter((name) => name.includes('.part'))).toEqual([]);
      expect(readFileSync(file, 'utf8')).toBe('the file before\n');
    },
  );

  it('leaves nothing when the file can not be written', async () => {
    writeFileSync(join(folder, 'a-file'), '');

    const { code, err } = await runHistory(folder, url, ['--output', join(folder, 'a-file', 'x.json')]);

    expect(code).toBe(1);
    expect(err).toMatch(/EEXIST|ENOTDIR/);
    expect(existsSync(join(folder, 'a-file', 'x.json'))).toBe(false);
  });
});
