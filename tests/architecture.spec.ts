import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Violation {
  rule: { name: string };
  from: string;
}

const PLANTED = resolve('tests/planted');
const CRUISER = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../architecture.cjs');

function violations(folder: string): Violation[] {
  const { stdout } = spawnSync(
    process.execPath,
    [CRUISER, '--config', resolve('architecture.cjs'), '--output-type', 'json', 'apps', 'libs'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

/** Each rule and the file that breaks it. Beside them stand legal twins, which must stay silent. */
const planted: Record<string, string[]> = {
  'modules-meet-at-index': ['apps/store-manager/src/orders/deep-import.ts'],
  'no-module-cycles': ['apps/store-manager/src/products', 'apps/store-manager/src/stocks'],
  'apps-never-import-apps': ['apps/magasin/src/past-the-door.ts'],
  'only-the-composition-hosts-apps': ['apps/payments/src/imports-an-app.ts'],
  'libs-never-import-apps': ['libs/contracts/src/knows-an-app.ts'],
  'libs-have-a-direction': ['libs/contracts/src/knows-hosting.ts'],
  'the-bus-and-hosting-are-strangers': ['libs/event-bus/src/knows-hosting.ts'],
  'only-wiring-names-drivers': ['libs/event-bus/src/names-a-driver.ts'],
  'handlers-record-never-publish': ['apps/store-manager/src/orders/commands/publish-order.ts'],
};

describe('The architecture', () => {
  it('is kept by the whole tree', () => {
    expect(violations(resolve('.')).map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
  });

  it('has a planted violation for each rule', () => {
    expect(Object.keys(planted).toSorted()).toEqual(forbidden.map(({ name }) => name).toSorted());
  });

  it('fires each rule on the file planted for it, and on nothing else', () => {
    const fired: Record<string, string[]> = {};
    for (const { rule, from } of violations(PLANTED)) (fired[rule.name] ??= []).push(from);
    for (const [rule, files] of Object.entries(fired)) fired[rule] = [...new Set(files)].toSorted();

    expect(fired).toEqual(planted);
  });

  it('lets no module name the tables of another in SQL', () => {
    expect(foreignTables('.')).toEqual([]);
    expect(foreignTables(PLANTED)).toEqual(['apps/store-manager/src/stocks/reads-users.ts names users']);
  });

  it('reads the environment in one file', () => {
    // The same rules, but for the folder of the planted files, which they pass over.
    const folder = mkdtempSync(join(tmpdir(), 'planted-'));
    const rules = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as object;
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...rules, ignorePatterns: [] }));
    cpSync(join(PLANTED, 'lint'), folder, { recursive: true });

    const { stdout, status } = spawnSync(resolve('node_modules/.bin/oxlint'), { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });

    expect(status).toBe(1);
    expect(stdout).toContain('no-process-env');
  });
});

/** Import rules do not see SQL. A table belongs to the folder that creates it. */
function foreignTables(root: string): string[] {
  const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter(
    (file) => !/\.(spec|contract)\.ts$/.test(file),
  );
  const text = (file: string): string => readFileSync(join(root, file), 'utf8');
  const owners = new Map<string, string>();
  for (const file of sources) {
    const owner = /^(libs\/[^/]+|apps\/[^/]+\/src\/[^/]+)\//.exec(file)?.[1];
    if (owner) for (const [, table] of text(file).matchAll(/CREATE TABLE (\w+)/g)) owners.set(table, owner);
  }
  return sources.flatMap((file) =>
    [...owners]
      .filter(([table, owner]) => {
        const named = new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES)\\s+${table}\\b`);
        return !file.startsWith(`${owner}/`) && named.test(text(file));
      })
      .map(([table]) => `${file} names ${table}`),
  );
}
