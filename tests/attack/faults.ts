import { setTimeout as delay } from 'node:timers/promises';
import type { App, Cluster, Member } from './cluster';
import type { Random } from './random';

/** Longer than the lease of the relay, which is 3 s. */
const LEASE_MS = 3_000;
/** Longer than the session of a member of a Kafka group, which is 10 s. */
const SESSION_MS = 10_000;

/** One thing that goes wrong, from its beginning to when it is mended. Resolves to what was seen. */
export interface Fault {
  name: string;
  /** Two faults of one target never come at the same time. */
  target: string;
  strike(): Promise<string>;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** So long a process or a server of the attack is frozen. */
function freezing(random: Random): number {
  const luck = random.next();
  if (luck < 0.15) return random.between(SESSION_MS + 1_000, SESSION_MS + 3_000);
  if (luck < 0.5) return random.between(LEASE_MS + 500, LEASE_MS + 5_000);
  return random.between(1_000, LEASE_MS);
}

/** Who leads the relay, or the first one of the store while nobody knows. */
async function leaderOf(cluster: Cluster): Promise<Member> {
  return (await cluster.leader().catch(() => undefined)) ?? cluster.of('store-manager')[0];
}

/** One of each kind, as the random numbers will have it. */
export function faultsOf(cluster: Cluster, random: Random): Fault[] {
  const { kafka, mariadb } = cluster;
  const apps: App[] = ['store-manager', 'payments', 'coolriel'];
  return [
    ...apps.flatMap((app) => [
      kill(random.oneOf(cluster.of(app)), random),
      freeze(random.oneOf(cluster.of(app)), random),
    ]),
    { name: 'kill the leader', target: 'leader', strike: () => takenOver(cluster, kill, random) },
    { name: 'freeze the leader', target: 'leader', strike: () => takenOver(cluster, freeze, random) },
    server('Kafka', kafka, random, 'kill'),
    server('Kafka', kafka, random, 'freeze'),
    server('MariaDB', mariadb, random, 'kill'),
    server('MariaDB', mariadb, random, 'freeze'),
  ];
}

function kill(member: Member, random: Random): Fault {
  const pause = random.between(0, 2_000);
  return {
    name: `kill ${member.name}`,
    target: member.name,
    async strike() {
      await member.kill();
      await delay(pause);
      const began = performance.now();
      await member.start();
      return `open again after ${seconds(performance.now() - began)}`;
    },
  };
}

function freeze(member: Member, random: Random, milliseconds = freezing(random)): Fault {
  return {
    name: `freeze ${member.name}`,
    target: member.name,
    async strike() {
      member.signal('SIGSTOP');
      await delay(milliseconds);
      member.signal('SIGCONT');
      return `for ${seconds(milliseconds)}`;
    },
  };
}

function server(name: string, daemon: Cluster['kafka'], random: Random, how: 'kill' | 'freeze'): Fault {
  const milliseconds = how === 'kill' ? random.between(0, 2_000) : Math.min(freezing(random), 8_000);
  return {
    name: `${how} ${name}`,
    target: name,
    async strike() {
      await daemon.signal(how === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      await delay(milliseconds);
      if (how === 'freeze') {
        await daemon.signal('SIGCONT');
        return `for ${seconds(milliseconds)}`;
      }
      const began = performance.now();
      await daemon.start();
      return `answers again after ${seconds(performance.now() - began)}`;
    },
  };
}

/** The leader is struck, and it is watched how long it takes until an event recorded since has come to a consumer. */
async function takenOver(cluster: Cluster, how: typeof kill, random: Random): Promise<string> {
  const leader = await leaderOf(cluster);
  const before = await cluster
    .query<{ token: number; assigned: number }>('SELECT token, assigned FROM event_relay')
    .catch(() => []);
  const began = performance.now();
  let over = false;
  const watched = (async (): Promise<string> => {
    for (let owner = ''; !over && before.length > 0;) {
      const [now] = await cluster
        .query<{ token: number; reached: number }>(
          `SELECT token, (SELECT MAX(position) FROM consumer_progress WHERE topic <> '') AS reached FROM event_relay`,
        )
        .catch(() => []);
      const after = seconds(performance.now() - began);
      if (now && now.token !== before[0].token) owner ||= after;
      if (now && owner && now.reached > before[0].assigned)
        return `led again after ${owner}, events flow after ${after}`;
      await delay(50);
    }
    return 'nobody else led within 10 s';
  })();
  const seen = await how(leader, random).strike();
  // One that is frozen only for a moment goes on leading.
  const late = setTimeout(() => (over = true), 10_000);
  const flow = await watched;
  clearTimeout(late);
  return `${leader.name}, ${seen}; ${flow}`;
}

/** What went wrong, and when: for people, and to find it in the logs. */
export class Havoc {
  readonly told: string[] = [];
  /** Faults that were over so far. */
  done = 0;
  private readonly began = performance.now();
  private stopping = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly random: Random,
  ) {}

  /** Each kind once, one at a time; then two at a time, whatever comes. Ends after so many, or when it is stopped. */
  async run(faults: number): Promise<void> {
    for (const { name } of this.random.shuffled(faultsOf(this.cluster, this.random))) {
      if (this.stopping || this.done >= faults) return;
      // Chosen anew: the process that it was meant for may have changed.
      const fault = faultsOf(this.cluster, this.random).find((one) => kindOf(one.name) === kindOf(name))!;
      await this.strike(fault);
      await delay(this.random.between(1_000, 4_000));
    }
    const struck = new Set<string>();
    const strikeOn = async (): Promise<void> => {
      while (!this.stopping && this.done + struck.size < faults) {
        const fault = this.random.oneOf(faultsOf(this.cluster, this.random));
        const target = fault.target === 'leader' ? (await leaderOf(this.cluster)).name : fault.target;
        if (!struck.has(target)) {
          struck.add(target);
          await this.strike(fault);
          struck.delete(target);
        }
        await delay(this.random.between(200, 3_000));
      }
    };
    await Promise.all([strikeOn(), strikeOn()]);
  }

  stop(): void {
    this.stopping = true;
  }

  private async strike(fault: Fault): Promise<void> {
    const at = seconds(performance.now() - this.began);
    const seen = await fault.strike();
    this.done += 1;
    this.told.push(`${at}: ${fault.name}: ${seen}`);
    process.stdout.write(`${this.told.at(-1)}\n`);
  }
}

const kindOf = (name: string): string => name.replace(/ \d+$/, '');
