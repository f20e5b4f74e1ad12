import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { commandsOf, documents, NOT_RUN, reasonOf } from './commands';
import { needs } from './needs';
import { databaseOf, shopFolder, ShopProcess } from './shop-process';

const ROOT = resolve(__dirname, '..');
/** What a clone has of its own, or does not need. */
const OWN = new Set(['data', 'output', '.env', '.git', '.services', '.nightly', 'test-results.json']);
/** A day with forty customers takes its time. */
const shorter = (line: string): string =>
  line.replace(/^npm run demo( -- --save \S+)?$/, (_, options = ' --') => `npm run demo${options} --customers 4`);

const commands = documents.flatMap(commandsOf);
const toBeRun = commands.filter((command) => reasonOf(command) === undefined);
/** Its figures are those of a shop in which nothing has happened. */
const RAPPORT = 'docs/rapport.md';

/** A clone, as far as programs see: the files of this one, with data and output of its own. */
function clone(folder: string): string {
  const home = join(folder, 'magasin');
  mkdirSync(home);
  for (const name of globSync('{*,.*}', { cwd: ROOT }).filter((each) => !OWN.has(each)))
    symlinkSync(join(ROOT, name), join(home, name));
  // So that a refusal is a failure, with what the server said.
  writeFileSync(join(folder, '.curlrc'), 'fail-with-body\nshow-error\n');
  return home;
}

describe.each([
  ['README.md and the documents after it', toBeRun.filter(({ document }) => document !== RAPPORT)],
  [RAPPORT, toBeRun.filter(({ document }) => document === RAPPORT)],
])('The commands of %s', (_title, its) => {
  const { folder, remove } = shopFolder();
  const DATABASE_URL = databaseOf(folder, 'magasin/data/magasin.sqlite');
  let home: string;
  let shop: ShopProcess;
  let ports: Record<string, string>;
  beforeAll(async () => {
    home = clone(folder);
    shop = await ShopProcess.start(home, { DATABASE_URL });
    const port = (url: string): string => new URL(url).port;
    ports = { 5000: port(shop.store), 5009: port(shop.payments), 5010: port(shop.coolriel) };
  });
  afterAll(async () => {
    await shop.end('SIGTERM');
    await remove();
  });

  const run = async (line: string): Promise<{ code: number | null; out: string; all: string }> => {
    const here = line
      .replaceAll('shop.example:', 'localhost:')
      .replaceAll(/localhost:(5000|5009|5010)\b/g, (_, port: string) => `localhost:${ports[port]}`);
    const env = {
      ...process.env,
      CURL_HOME: folder,
      DATABASE_URL,
      STORE_MANAGER_PORT: ports[5000],
      PAYMENTS_PORT: ports[5009],
      COOLRIEL_PORT: ports[5010],
    };
    const child = spawn('bash', ['-c', `set -o pipefail; ${here}`], { cwd: home, env });
    let [out, all] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (all += chunk.toString()));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, out, all };
  };

  needs('curl')('as they stand:', () => {
    it.each(its)('$document: $line', async ({ line, says }) => {
      const { code, out, all } = await run(shorter(line));

      expect({ code, all: code === 0 ? '' : all }).toEqual({ code: 0, all: '' });
      // What is shown as the answer is the answer.
      if (says.startsWith('{')) expect(out).toBe(says);
    });

    if (its.some(({ document }) => document === RAPPORT)) {
      it('leave the history that the rapport shows', () => {
        const shown = JSON.parse(/^```json\n([^]*?)^```$/m.exec(readFileSync(RAPPORT, 'utf8'))![1]) as object[];
        const history = readFileSync(join(home, 'output/user_events_history.json'), 'utf8');

        const datetime = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/) as string;
        expect(JSON.parse(history)).toEqual(shown.map((event) => ({ ...event, datetime })));
      });
    }
  });
});

describe('The documents', () => {
  it('have commands, most of which are run here', () => {
    expect(toBeRun.length).toBeGreaterThan(30);
  });

  it('have each command that the list of those that are not run means', () => {
    // Docker may come and go.
    const [, ...patterns] = NOT_RUN.map(([pattern]) => pattern);
    expect(patterns.filter((pattern) => !commands.some(({ line }) => pattern.test(line)))).toEqual([]);
  });

  it('name tests that are there', () => {
    const named = NOT_RUN.flatMap(([, why]) => why.match(/tests\/\S+\.ts|\.ci\/run/g) ?? []);
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  const texts = [...documents, ...globSync('{docs/adr,libs/*}/*.md')];
  it.each(texts)('lead somewhere: %s', (document) => {
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
      ([, to]) => to,
    );
    expect(links.filter((to) => !isThere(document, to))).toEqual([]);
  });

  it('are all in the index', () => {
    const index = readFileSync('docs/README.md', 'utf8');
    const missing = globSync('docs/*.md').filter(
      (file) => file !== 'docs/README.md' && !index.includes(`](${file.slice(5)}`),
    );
    expect(missing).toEqual([]);
  });

  it('show code that stands in the file that they name', () => {
    const shown = [...readFileSync(RAPPORT, 'utf8').matchAll(/^```ts\n\/\/ (\S+)\n([^]*?)^```$/gm)];
    expect(shown.length).toBeGreaterThan(3);
    for (const [, file, code] of shown) {
      const lines = new Set(
        readFileSync(file, 'utf8')
          .split('\n')
          .map((line) => line.trim()),
      );
      const invented = code.split('\n').filter((line) => line.trim() !== '// …' && !lines.has(line.trim()));
      expect({ file, invented }).toEqual({ file, invented: [] });
    }
  });
});

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/\b_|_\b|`/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

function isThere(document: string, to: string): boolean {
  const [path, anchor] = to.split('#');
  const file = path ? join(dirname(document), path) : document;
  if (!existsSync(file)) return false;
  if (!anchor || !file.endsWith('.md')) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
  return headings.includes(anchor);
}
