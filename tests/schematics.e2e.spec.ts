import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually, ShopProcess, shopFolder } from './shop-process';

const ROOT = resolve(__dirname, '..');
const run = promisify(execFile);
/** The whole tree is linted and compiled, on a machine that may do much else. */
const LONG = 1_800_000;

const doc = readFileSync(join(ROOT, 'docs/scaffolding.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block);
const [scaffolding, checking, asking] = blocks('sh').map((block) => block.trim().split('\n'));
const [letter, refused] = blocks('text');

/** The files of the repository as they are, committed or not, with the same packages. */
function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'scaffolded-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of listed
    .toString()
    .split('\0')
    .filter((name) => name && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(ROOT, file), join(copy, file));
  }
  mkdirSync(join(copy, 'node_modules/@magasin'), { recursive: true });
  // What is cached there, and the schematics, are the copy's own.
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => one !== '.cache' && one !== '@magasin')) {
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  symlinkSync('../../libs/schematics', join(copy, 'node_modules/@magasin/schematics'));
  return copy;
}

describe('The way from nothing to an e-mail', () => {
  let copy: string;
  let shop: ShopProcess | undefined;
  const { folder, remove } = shopFolder();
  beforeAll(() => {
    copy = copyOfRepository();
  });
  afterAll(async () => {
    await shop?.end('SIGKILL');
    rmSync(copy, { recursive: true, force: true });
    await remove();
  });

  /** A line of the document, typed in the copy. */
  async function type(line: string): Promise<{ code: number; out: string }> {
    const { JEST_WORKER_ID, NODE_OPTIONS, ...env } = process.env;
    const options = { cwd: copy, env: { ...env, npm_config_loglevel: 'silent' }, maxBuffer: 2 ** 26 };
    return run('sh', ['-c', line], options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout + stderr }),
    );
  }

  it(
    'writes nothing in a dry run, and says what it would write',
    async () => {
      const files = (): unknown[] => readdirSync(join(copy, 'apps'), { recursive: true }).toSorted();
      const before = files();

      const { code, out } = await type(`${scaffolding[0]} --dry-run`);

      expect([code, out]).toEqual([0, expect.stringContaining('create  apps/store-manager/src/suppliers/supplier.ts')]);
      expect(out).toContain('Nothing was written: a dry run.');
      expect(files()).toEqual(before);
    },
    LONG,
  );

  it(
    'is scaffolded',
    async () => {
      for (const line of scaffolding) {
        expect(await type(line)).toEqual({ code: 0, out: expect.stringMatching(/^(create|update) /m) as string });
      }
      expect(readdirSync(join(copy, 'apps/store-manager/src/suppliers'))).toEqual(
        expect.arrayContaining(['commands', 'queries', 'reactions', 'suppliers.controller.ts', 'suppliers.module.ts']),
      );
    },
    LONG,
  );

  it(
    'is not scaffolded twice',
    async () => {
      const path = join(copy, 'apps/store-manager/src/suppliers/commands/write-supplier.ts');
      const before = readFileSync(path, 'utf8');

      for (const line of scaffolding) {
        expect(await type(line)).toEqual({
          code: 1,
          out: expect.stringMatching(/ is there already:\n {2}\S/) as string,
        });
      }
      expect(readFileSync(path, 'utf8')).toBe(before);
    },
    LONG,
  );

  it(
    'does not bend the conventions, and says so',
    async () => {
      const [line, ...reason] = refused.trim().split('\n');

      expect(await type(line.replace(/^\$ /, ''))).toEqual({ code: 1, out: `${reason.join('\n')}\n` });
    },
    LONG,
  );

  it.each(checking)(
    'passes %s',
    async (line) => {
      const { code, out } = await type(line);

      expect([code, code === 0 ? '' : out]).toEqual([0, '']);
    },
    LONG,
  );

  it(
    'leads to an e-mail in the shop',
    async () => {
      const main = join(copy, 'dist/apps/magasin/src/main.js');
      const [, path, body] = /localhost:5000(\S+) .*-d '(.+)'/.exec(asking[0])!;
      const file = join(folder, /output\/\S+/.exec(asking[1])![0]);
      shop = await ShopProcess.start(folder, {}, main);

      const headers = { 'content-type': 'application/json' };
      const response = await fetch(shop.store + path, { method: 'POST', headers, body });
      expect([response.status, await response.json()]).toEqual([201, { supplier_id: 1 }]);
      expect(await (await fetch(`${shop.store}${response.headers.get('location')}`)).json()).toEqual({
        id: 1,
        ...JSON.parse(body),
      });
      await eventually(async () => expect(existsSync(file)).toBe(true));

      const words = letter.split(/\n| : /).filter((word) => word !== '');
      const html = readFileSync(file, 'utf8');
      expect(words.length).toBeGreaterThan(6);
      expect(words.filter((word) => !html.includes(word))).toEqual([]);
      expect(await shop.end('SIGTERM')).toBe(0);
    },
    LONG,
  );
});
