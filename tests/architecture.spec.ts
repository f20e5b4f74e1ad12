import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

interface Cruise {
  modules: { source: string; dependencies: { module: string; resolved: string; couldNotResolve: boolean }[] }[];
  summary: {
    violations: { rule: { name: string }; from: string; to: string }[];
    ruleSetUsed: Record<string, { name: string }[]>;
  };
}

const ROOT = resolve(__dirname, '..');
const PLANTED = join(__dirname, 'planted');
const STORE = 'apps/store-manager/src';
const MAILER = 'apps/coolriel/src/mailer';
const DRIVER = 'libs/event-bus/src/drivers/memory.event-bus.ts';

/** Rule by rule: who breaks it, and by knowing whom. A cycle is told of folders. */
const BROKEN: Record<string, [from: string, to: string][]> = {
  'modules-meet-at-index': [[`${STORE}/orders/past-the-door.ts`, `${STORE}/users/user.ts`]],
  'no-module-cycles': [
    [`${STORE}/reports`, `${STORE}/stocks`],
    [`${STORE}/stocks`, `${STORE}/reports`],
  ],
  'modules-never-import-their-app': [[`${STORE}/orders/knows-its-app.ts`, `${STORE}/store-manager.module.ts`]],
  'apps-never-import-apps': [['apps/magasin/src/looks-inside.ts', `${STORE}/users/index.ts`]],
  'only-the-composition-hosts-apps': [['apps/coolriel/src/hosts-the-store.ts', `${STORE}/index.ts`]],
  'libs-never-import-apps': [['libs/hosting/src/knows-an-app.ts', 'apps/till/src/index.ts']],
  'libs-have-a-direction': [
    ['libs/contracts/src/knows-hosting.ts', 'libs/hosting/src/index.ts'],
    ['libs/event-log/src/knows-hosting.ts', 'libs/hosting/src/index.ts'],
  ],
  'the-bus-and-hosting-are-strangers': [['libs/event-bus/src/knows-hosting.ts', 'libs/hosting/src/index.ts']],
  'operations-stands-on-the-other-libs': [['libs/event-bus/src/knows-operations.ts', 'libs/operations/src/index.ts']],
  'only-the-backbone-names-bus-drivers': [
    [`${MAILER}/mailer.module.ts`, DRIVER],
    ['libs/event-bus/src/picks-a-driver.ts', DRIVER],
  ],
  'only-the-mailer-module-names-mailers': [[`${MAILER}/picks-a-mailer.ts`, `${MAILER}/folder.mailer.ts`]],
  'handlers-record-never-publish': [[`${STORE}/orders/commands/publish-order.ts`, 'libs/event-bus/src/index.ts']],
};

/** The legal twins: imports as near to a violation as they may come. */
const LEGAL: [from: string, to: string][] = [
  [`${STORE}/orders/order.ts`, `${STORE}/users/index.ts`],
  [`${STORE}/orders/order.ts`, `${STORE}/settings.ts`],
  [`${STORE}/store-manager.module.ts`, `${STORE}/orders/index.ts`],
  [`${STORE}/orders/orders.consumer.ts`, 'libs/event-bus/src/index.ts'],
  [`${STORE}/orders/commands/record-order.ts`, 'libs/event-log/src/index.ts'],
  ['apps/magasin/src/shop.ts', `${STORE}/index.ts`],
  [`${MAILER}/mailer.module.ts`, `${MAILER}/folder.mailer.ts`],
  ['libs/event-bus/src/backbone.ts', DRIVER],
  ['libs/event-bus/src/backbone.ts', 'libs/event-log/src/index.ts'],
  ['libs/operations/src/index.ts', 'libs/hosting/src/index.ts'],
  ['libs/event-log/src/index.ts', 'libs/contracts/src/index.ts'],
];

/** A tool's answer in JSON. An exit code is no answer: oxlint's tells of violations too. */
async function ask<Answer>(cwd: string, tool: string, ...args: string[]): Promise<Answer> {
  const command = [join(ROOT, 'node_modules', tool), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd, maxBuffer: 2 ** 26 }).catch(
    (error: Error & { stdout: string }) => {
      if (!error.stdout) throw error;
      return error;
    },
  );
  return JSON.parse(stdout) as Answer;
}

const CRUISER = 'dependency-cruiser/bin/dependency-cruise.mjs';
const RULES = join(ROOT, 'architecture.cjs');
const cruise = (root: string): Promise<Cruise> =>
  ask(root, CRUISER, '--config', RULES, '--output-type', 'json', 'apps', 'libs');

const arrow = (from: string, to: string): string => `${from} → ${to}`;
const violationsOf = ({ summary }: Cruise): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${arrow(from, to)}`).sort();

const textOf = (root: string, file: string): string => readFileSync(join(root, file), 'utf8');
const sourcesOf = (root: string, pattern = '{apps,libs}/*/src/**/*.ts'): string[] => globSync(pattern, { cwd: root });
const withoutTests = (files: string[]): string[] =>
  files.filter((file) => !/[.](spec|contract)[.]ts$|\/contract\//.test(file)).sort();

/** A lib, a module of an app, or what an app has beside its modules. */
const ownerOf = (file: string): string => /^(?:libs\/[^/]+|apps\/[^/]+\/src\/[^/]+(?=\/)|apps\/[^/]+)/.exec(file)![0];

/** Who declares each table, be it as an entity or in a migration. */
function tablesOf(root: string): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const file of withoutTests(sourcesOf(root))) {
    for (const [, table] of textOf(root, file).matchAll(
      /(?:@Entity\(\s*['"`]|\bCREATE TABLE (?:IF NOT EXISTS )?)(\w+)/g,
    )) {
      owners.set(table, [...new Set([...(owners.get(table) ?? []), ownerOf(file)])]);
    }
  }
  return owners;
}

/** In small letters a statement is told from a sentence by its other words. */
function namesInSql(text: string, table: string): boolean {
  const name = `\\s+["'\`[]?${table}\\b`;
  const statement = 'select\\b[^;`]*\\b(?:from|join)|insert\\s+into|delete\\s+from|update(?=\\s+\\S+\\s+set\\b)';
  return (
    new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE|TABLE)${name}`).test(text) ||
    new RegExp(`\\b(?:${statement})${name}`, 'i').test(text)
  );
}

function sqlAcrossModules(root: string): string[] {
  const tables = [...tablesOf(root)];
  const shared = tables.filter(([, owners]) => owners.length > 1);
  const foreign = withoutTests(sourcesOf(root)).flatMap((file) =>
    tables
      .filter(([table, owners]) => !owners.includes(ownerOf(file)) && namesInSql(textOf(root, file), table))
      .map(([table]) => `${file} names ${table}`),
  );
  return [...foreign, ...shared.map(([table, owners]) => `${table} is declared by ${owners.sort().join(' and ')}`)];
}

/** Every way to the environment, also those that oxlint does not know: `import { env }`, `const { env } = process`. */
const readersOfEnvironment = (root: string): string[] =>
  withoutTests(sourcesOf(root)).filter((file) =>
    /\bprocess\b\s*[?.[]+\s*['"`]?env\b|['"](?:node:)?process['"]|=\s*process\b(?!\s*[?.[(])/.test(textOf(root, file)),
  );

describe('The architecture', () => {
  let real: Cruise;
  let planted: Cruise;
  beforeAll(async () => {
    [real, planted] = await Promise.all([cruise(ROOT), cruise(PLANTED)]);
  });

  it('holds in the whole tree', () => {
    expect(violationsOf(real)).toEqual([]);
  });

  it('is read from every source, with every import found', () => {
    const seen = real.modules.map(({ source }) => source);
    const lost = real.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter((to) => to.couldNotResolve || (to.module.startsWith('@magasin/') && !to.resolved.startsWith('libs/')))
        .map((to) => arrow(source, to.module)),
    );

    expect(seen).toEqual(expect.arrayContaining(sourcesOf(ROOT)));
    expect(lost).toEqual([]);
  });

  it('has a planted violation for every rule', () => {
    const rules = Object.values(real.summary.ruleSetUsed).flat();

    expect(rules.map(({ name }) => name).sort()).toEqual(Object.keys(BROKEN).sort());
  });

  it.each(Object.entries(BROKEN))('fires %s where it is broken and nowhere else', (name, broken) => {
    const fired = planted.summary.violations.filter(({ rule }) => rule.name === name);

    expect(fired.map(({ from, to }) => arrow(from, to)).sort()).toEqual(broken.map((pair) => arrow(...pair)));
  });

  it.each(LEGAL)('lets %s import %s', (from, to) => {
    const imports = planted.modules.find(({ source }) => source === from)?.dependencies.map(({ resolved }) => resolved);
    const fired = planted.summary.violations.filter((violation) => violation.from === from && violation.to === to);

    expect(imports).toContain(to);
    expect(fired).toEqual([]);
  });
});

describe('The tables', () => {
  it('belong to the module or the lib that declares them', () => {
    const tables = tablesOf(ROOT);

    expect(tables.get('users')).toEqual([`${STORE}/users`]);
    expect(['event_log', 'stream_head', 'log_identity'].map((table) => tables.get(table))).toEqual(
      Array.from({ length: 3 }, () => ['libs/event-log']),
    );
  });

  it('are named in the SQL of their owner alone', () => {
    expect(sqlAcrossModules(ROOT)).toEqual([]);
  });

  it('betray foreign SQL, in capitals or not, and a second owner', () => {
    expect(sqlAcrossModules(PLANTED)).toEqual([
      'apps/coolriel/src/sql-of-the-log.ts names event_log',
      `${STORE}/orders/sql-in-small-letters.ts names users`,
      `${STORE}/orders/sql-of-users.ts names users`,
      `orders is declared by ${STORE}/orders and ${STORE}/reports`,
    ]);
  });
});

describe('The environment', () => {
  let copy: string;
  beforeEach(() => (copy = mkdtempSync(join(tmpdir(), 'planted-'))));
  afterEach(() => rmSync(copy, { recursive: true }));

  it('is read in the settings of hosting alone, and for tests where their databases are', () => {
    expect(readersOfEnvironment(ROOT)).toEqual([
      'libs/event-log/src/test-databases.ts',
      'libs/hosting/src/settings.ts',
    ]);
  });

  it('is seen however it is read', () => {
    expect(readersOfEnvironment(PLANTED)).toEqual([
      'apps/coolriel/src/imports-the-environment.ts',
      'apps/coolriel/src/reads-the-environment.ts',
      'apps/coolriel/src/unpacks-the-environment.ts',
      'libs/hosting/src/settings.ts',
    ]);
  });

  it('makes the linter speak elsewhere, and not in the settings', async () => {
    // A copy elsewhere: in its place the planted tree is ignored, and tests may read the environment.
    cpSync(PLANTED, copy, { recursive: true });
    cpSync(join(ROOT, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));

    type Found = { diagnostics: { code: string; filename: string }[] };
    const { diagnostics } = await ask<Found>(copy, 'oxlint/bin/oxlint', '--format', 'json');

    const read = diagnostics.filter(({ code }) => code === 'node(no-process-env)');
    expect(read.map(({ filename }) => filename)).toEqual(['apps/coolriel/src/reads-the-environment.ts']);
  });
});
