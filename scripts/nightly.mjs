// `npm run nightly`: the attack in its long form, and the table of all such runs. ATTACK_SEED, ATTACK_EVENTS,
// ATTACK_FAULTS and ATTACK_MINUTES change it; each run without a seed takes another one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';

const TABLE = resolve('.nightly/attack.jsonl');
const long = {
  ATTACK_SEED: String(randomInt(2 ** 31)),
  ATTACK_EVENTS: '30000',
  ATTACK_FAULTS: '60',
  ATTACK_MINUTES: '45',
};

mkdirSync('.nightly', { recursive: true });
const { status } = spawnSync('npm', ['run', 'jest', '--', 'tests/attack/attack'], {
  stdio: 'inherit',
  env: { ...long, ...process.env, ATTACK_TABLE: TABLE },
});

const rows = existsSync(TABLE)
  ? readFileSync(TABLE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const columns = ['seed', 'events', 'faults', 'lost', 'doubled', 'reordered', 'missing', 'minutes'];
const line = (cells) => `| ${cells.join(' | ')} |\n`;
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
process.stdout.write(
  line(columns) +
    line(columns.map(() => '---')) +
    rows.map((row) => line(columns.map((column) => row[column]))).join('') +
    line(['sum', ...columns.slice(1).map((column) => Math.round(sum(column) * 10) / 10)]),
);
process.exitCode = status ?? 1;
