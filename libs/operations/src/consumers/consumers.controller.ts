import { ConsumerInstance, EventBus } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { Problems, TakesNoKey } from '@magasin/hosting';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  ConsumerNotHere,
  InstanceRunning,
  RebuildRefused,
  ReplayChanged,
  ReplayRefused,
  ReplayTooLong,
} from './errors';
import { DryRun, Rebuild, Replay } from './input';
import { LONGEST_RANGE, Replays } from './replays';
import { ConsumerView, InstanceOrdered, InstanceView, Rehearsal } from './views';

const INSTANCES_SHOWN = 200;
const NOT_HERE = new ConsumerNotHere('kiosk', ['coolriel']);

@Controller('admin')
export class ConsumersController {
  constructor(
    private readonly bus: EventBus,
    private readonly log: EventLog,
    private readonly replays: Replays,
  ) {}

  @Get('consumers')
  @ApiOperation({ summary: 'Tell how the consumers of this process are doing' })
  @ApiOkResponse({ type: [ConsumerView] })
  async consumers(): Promise<ConsumerView[]> {
    const all = await this.bus.status();
    return all.map((status) => ({ ...status, heartbeat_at: iso(status.heartbeat_at) }));
  }

  @Get('instances')
  @ApiOperation({ summary: 'List rebuilds and replays, the newest 200 first' })
  @ApiOkResponse({ type: [InstanceView] })
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

  @Post('replays/dry-run')
  @HttpCode(200)
  @TakesNoKey()
  @ApiOperation({ summary: 'Show what a replay would make, and make nothing' })
  @ApiOkResponse({ type: Rehearsal })
  @Problems(NOT_HERE, new ReplayRefused('best-sellers'), new ReplayTooLong(LONGEST_RANGE))
  rehearse(@Body() range: DryRun): Promise<Rehearsal> {
    return this.replays.rehearse(range);
  }

  /** Looks through the range once more, which a unit with a key has no time for. One replay at a time is its guard. */
  @Post('replays')
  @HttpCode(202)
  @TakesNoKey()
  @ApiOperation({ summary: 'Begin what a dry run has shown' })
  @ApiAcceptedResponse({ type: InstanceOrdered })
  @Problems(
    NOT_HERE,
    new ReplayRefused('best-sellers'),
    new ReplayTooLong(LONGEST_RANGE),
    new ReplayChanged(),
    new InstanceRunning('coolriel', 'replay'),
  )
  replay(@Body() order: Replay): Promise<InstanceOrdered> {
    return this.replays.begin(order);
  }

  @Post('rebuilds')
  @HttpCode(202)
  @ApiOperation({ summary: 'Build a consumer anew from the whole log, beside the live one, and swap it in' })
  @ApiAcceptedResponse({ type: InstanceOrdered })
  @Problems(NOT_HERE, new RebuildRefused('coolriel'), new InstanceRunning('best-sellers', 'rebuild'))
  rebuild(@Body() order: Rebuild): Promise<InstanceOrdered> {
    return this.replays.rebuild(order);
  }
}

const iso = (moment: number): string => new Date(moment).toISOString();
