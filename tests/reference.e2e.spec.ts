import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { createProgram } from '../apps/magasin/src/cli/program';
import { shopFolder } from './shop-process';

const run = promisify(execFile);
const GENERATED = ['asyncapi.json', 'events.md', 'metrics.md', 'settings.md'];

describe('What npm run openapi writes', () => {
  const { folder, remove } = shopFolder();
  beforeAll(async () => {
    await run(process.execPath, [resolve('scripts/openapi.mjs'), folder]);
  });
  afterAll(remove);

  it('is in docs: after a change, run npm run openapi', () => {
    const written = globSync('**/*.{md,json}', { cwd: folder }).sort();

    expect(written).toEqual(expect.arrayContaining(GENERATED));
    const stale = written.filter(
      (name) => readFileSync(join(folder, name), 'utf8') !== readFileSync(join('docs', name), 'utf8'),
    );
    expect(stale).toEqual([]);
  });

  it('tells of each setting who reads it and what is accepted', () => {
    const rows = readFileSync('docs/settings.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(rows.map((row) => /`(\w+)`/.exec(row)![1])).toEqual(named);
    for (const row of rows)
      expect(
        row
          .split('|')
          .slice(3, 6)
          .map((cell) => cell.trim()),
      ).not.toContain('');
    expect(rows.find((row) => row.includes('`PAYMENTS_TIMEOUT`'))).toMatch(
      /from 1 to 30 +\| payments, store-manager +\|$/,
    );
  });

  it('tells of each event all fields, and of metrics of several apps', () => {
    const events = readFileSync('docs/events.md', 'utf8');
    expect(events.match(/^### \w+$/gm)!.length).toBeGreaterThan(12);
    expect(events).toMatch(/^\| `user_type_id` +\| integer +\| yes +\| `1` +\|$/m);
    expect(events).toMatch(/^\| `user_name` +\| string +\| no +\|/m);
    const metrics = readFileSync('docs/metrics.md', 'utf8');
    expect(metrics).toMatch(/^\| `magasin_consumer_events_total` +\| counter +\| `consumer`, `outcome` +\|/m);
    expect(metrics).toMatch(/^\| `orders_total` .+\| store-manager +\|$/m);
    expect(metrics).not.toMatch(/undefined|NaN/);
  });
});

describe('docs/cli.md', () => {
  const leaves = (command: Command, path: string): string[] =>
    command.commands.length === 0 ? [path] : command.commands.flatMap((each) => leaves(each, `${path} ${each.name()}`));

  it('tells of every command', () => {
    const text = readFileSync('docs/cli.md', 'utf8');
    const all = leaves(createProgram(), 'magasin');

    expect(all.length).toBeGreaterThan(15);
    expect(all.filter((path) => !new RegExp(`${path}\\b`).test(text))).toEqual([]);
  });
});
