import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, type Sizes } from './cluster';
import { Customers } from './customers';
import { Havoc } from './faults';
import { judge, type Judgement } from './judgement';
import { Random } from './random';

export interface AttackOptions {
  seed: number;
  /** The load goes on until there are so many events, and so many faults are over. */
  events: number;
  faults: number;
  /** It ends then anyway, and what was reached is told. */
  minutes: number;
  clients: number;
  sizes: Sizes;
}

export interface Attack extends Judgement {
  faults: number;
  minutes: number;
  /** Answers that nobody should get. */
  strange: string[];
  /** What each process said when it was stopped. */
  codes: Record<string, number | null | undefined>;
}

/** The dust has settled, or never will, when nothing has moved for so long. In milliseconds. */
const STILL_MS = 120_000;

/** Runs the shop, its customers and the faults; then compares. @throws Error when something does not come to rest. */
export async function attack(options: AttackOptions): Promise<Attack> {
  const { seed, events, faults, minutes, clients, sizes } = options;
  const cluster = await Cluster.start(sizes);
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 60_000;
  try {
    const customers = new Customers(cluster, seed);
    await customers.fillStock();
    customers.open(clients);
    const havoc = new Havoc(cluster, new Random(seed));
    const over = havoc.run(faults);
    let recorded = 0;
    const enough = (async () => {
      while (elapsed() < minutes && (recorded < events || havoc.done < faults)) {
        await delay(1_000);
        const [row] = await cluster
          .query<{ recorded: number }>('SELECT MAX(id) AS recorded FROM event_log')
          .catch(() => []);
        recorded = row?.recorded ?? recorded;
      }
      havoc.stop();
    })();
    await Promise.all([enough, over]);
    await customers.close();
    process.stdout.write(
      `${recorded} events, ${havoc.done} faults in ${elapsed().toFixed(1)} minutes; ` +
        `${customers.written} writes answered, ${customers.retried} requests tried again\n`,
    );
    const judgement = await judge(cluster, customers.acknowledged, STILL_MS);
    const codes = await cluster.stop();
    return { ...judgement, faults: havoc.done, minutes: elapsed(), strange: customers.strange, codes };
  } finally {
    await keepEvidence(cluster).catch((error: unknown) => process.stdout.write(`no evidence: ${String(error)}\n`));
    await cluster.remove();
  }
}

/** What each process has written, and every row, for whoever looks for the cause: a folder that ATTACK_LOGS names. */
async function keepEvidence(cluster: Cluster): Promise<void> {
  const folder = process.env.ATTACK_LOGS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const { name, log } of cluster.members) writeFileSync(join(folder, `${name.replace(' ', '-')}.log`), log);
  const tables = await cluster.query<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  for (const { name } of tables) {
    const rows = await cluster.query(`SELECT * FROM ${name}`);
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
