import { setTimeout as delay } from 'node:timers/promises';
import { EventBus, Redis, type RelayStatus } from '@magasin/event-bus';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { troublesOf } from './health.consumers';
import { DatabaseHealth } from './health.database';
import { troublesOfRelay } from './health.relay';
import { together } from './together';

/** A check that takes longer has failed. Less than what those who probe usually wait. In milliseconds. */
const PATIENCE_MS = 2_000;

export interface HealthOptions {
  /** An app is not ready while an event has waited for a consumer for longer than this. Default 300. */
  lagSeconds?: number;
}

export const HEALTH_OPTIONS = Symbol('HealthOptions');

export class Check {
  @ApiProperty({ enum: ['up', 'down'], example: 'up' })
  status: 'up' | 'down';

  @ApiProperty({ type: 'array', items: { type: 'string' }, description: 'Why it is down.', example: [] })
  reasons: string[];

  @ApiProperty({ required: false, oneOf: [{ type: 'object' }, { type: 'array' }], example: { position: 12 } })
  details?: object;
}

/** The one shape of all three answers. It is down when one of its checks is. */
@ApiExtraModels(Check)
export class HealthReport {
  @ApiProperty({ enum: ['up', 'down'], example: 'up' })
  status: 'up' | 'down';

  @ApiProperty({ type: 'array', items: { type: 'string' }, description: 'Why it is down.', example: [] })
  reasons: string[];

  @ApiProperty({
    type: 'object',
    description: 'Check by check.',
    additionalProperties: { $ref: getSchemaPath(Check) },
    example: { database: { status: 'up', reasons: [] } },
  })
  checks: Record<string, Check>;
}

/** How the app is: what it needs to do its work, and what it says of itself. */
@Injectable()
export class AppHealth {
  private leaving = false;

  constructor(
    private readonly database: DatabaseHealth,
    private readonly bus: EventBus,
    @Inject(HEALTH_OPTIONS) private readonly options: HealthOptions,
    @Optional() private readonly redis?: Redis,
  ) {}

  /** From now on it is not ready, though it still serves: whoever sends requests is to look elsewhere. */
  leave(): void {
    this.leaving = true;
  }

  /** That this is answered at all is the answer: the process lives, and its event loop turns. */
  live(): HealthReport {
    return sum({ process: up({ uptime_seconds: Math.round(process.uptime()) }) });
  }

  /** Many probes at once cost what one does. */
  readonly all = together(() => this.ask());

  async ready(): Promise<HealthReport> {
    const { status, reasons, checks } = await this.all();
    const brief = Object.entries(checks).map(([name, check]) => [
      name,
      { status: check.status, reasons: check.reasons },
    ]);
    return { status, reasons, checks: Object.fromEntries(brief) as HealthReport['checks'] };
  }

  private async ask(): Promise<HealthReport> {
    const relay = this.bus.relay();
    const [database, consumers] = await Promise.all([
      attempt('the database', async () => up(await this.database.check())),
      attempt('the consumers', () => this.askConsumers()),
    ]);
    const { process } = this.live().checks;
    return sum({
      process: this.leaving ? { ...process, ...down('the app is about to stop') } : process,
      database,
      consumers,
      ...(relay && { relay: this.askRelay(relay) }),
      // The app does without it.
      ...(this.redis && { redis: up(this.redis.status()) }),
    });
  }

  private askRelay(relay: RelayStatus): Check {
    const reasons = troublesOfRelay(relay, this.options.lagSeconds ?? 300, Date.now());
    const details = { ...relay, heartbeat_at: new Date(relay.heartbeat_at).toISOString() };
    return { status: reasons.length > 0 ? 'down' : 'up', reasons, details };
  }

  private async askConsumers(): Promise<Check> {
    const consumers = await this.bus.status();
    const reasons = troublesOf(consumers, this.options.lagSeconds ?? 300, Date.now());
    const details = consumers.map((consumer) => ({
      ...consumer,
      heartbeat_at: new Date(consumer.heartbeat_at).toISOString(),
    }));
    return { status: reasons.length > 0 ? 'down' : 'up', reasons, details };
  }
}

const up = (details: object): Check => ({ status: 'up', reasons: [], details });
const down = (reason: string): Check => ({ status: 'down', reasons: [reason] });

async function attempt(what: string, check: () => Promise<Check>): Promise<Check> {
  const patience = new AbortController();
  const late = delay(PATIENCE_MS, down(`${what} did not answer within ${PATIENCE_MS / 1_000} s`), {
    signal: patience.signal,
  }).catch(() => down(''));
  const asked = check().catch((error: Error) => down(`${what} can not be asked: ${error.message}`));
  return Promise.race([asked, late]).finally(() => patience.abort());
}

function sum(checks: Record<string, Check>): HealthReport {
  const reasons = Object.values(checks).flatMap((check) => check.reasons);
  return { status: reasons.length > 0 ? 'down' : 'up', reasons, checks };
}
