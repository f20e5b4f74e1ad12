import { ConsumerInstance, type ConsumerStatus, EventBus } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { DryRun, Rebuild, Replay } from './input';
import { type Rehearsal, Replays } from './replays';

export interface ConsumerView extends Omit<ConsumerStatus, 'heartbeat_at'> {
  heartbeat_at: string;
}

export interface InstanceView extends Omit<ConsumerInstance, 'types' | 'created_at' | 'ended_at'> {
  types: string[] | null;
  created_at: string;
  ended_at: string | null;
}

const INSTANCES_SHOWN = 200;

@Controller('admin')
export class ConsumersController {
  constructor(
    private readonly bus: EventBus,
    private readonly log: EventLog,
    private readonly replays: Replays,
  ) {}

  /** The consumers of this process, and how far they are. */
  @Get('consumers')
  async consumers(): Promise<ConsumerView[]> {
    const all = await this.bus.status();
    return all.map((status) => ({ ...status, heartbeat_at: iso(status.heartbeat_at) }));
  }

  /** Rebuilds and replays, the newest first. */
  @Get('instances')
  async instances(): Promise<InstanceView[]> {
    const { manager } = this.log.reading;
    const found = await manager.find(ConsumerInstance, { order: { created_at: 'DESC' }, take: INSTANCES_SHOWN });
    return found.map(({ types, created_at, ended_at, ...row }) => ({
      ...row,
      types: types === null ? null : (JSON.parse(types) as string[]),
      created_at: iso(created_at),
      ended_at: ended_at === null ? null : iso(ended_at),
    }));
  }

  /** Shows what a replay would make, and makes nothing. */
  @Post('replays/dry-run')
  @HttpCode(200)
  rehearse(@Body() range: DryRun): Promise<Rehearsal> {
    return this.replays.rehearse(range);
  }

  /** Begins what a dry run has shown. */
  @Post('replays')
  @HttpCode(202)
  replay(@Body() order: Replay): Promise<{ instance: string }> {
    return this.replays.begin(order);
  }

  /** Builds a consumer anew from the whole log, beside the live one, and swaps it in. */
  @Post('rebuilds')
  @HttpCode(202)
  rebuild(@Body() order: Rebuild): Promise<{ instance: string }> {
    return this.replays.rebuild(order);
  }
}

const iso = (moment: number): string => new Date(moment).toISOString();
