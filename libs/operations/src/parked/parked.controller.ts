import { NextLink, type Page } from '@magasin/hosting';
import { Body, Controller, Get, HttpCode, Post, Query, UseInterceptors } from '@nestjs/common';
import { EditEvent, GroupsQuery, RetryGroup, RetryStream, SkipEvent, StreamQuery, StreamsQuery } from './input';
import { ParkedRepair, type RetriedGroup } from './parked-repair';
import { type ParkedGroupView, type ParkedStreamDetail, ParkedStreams, type ParkedStreamView } from './parked-streams';

@Controller('admin/parked')
export class ParkedController {
  constructor(
    private readonly parked: ParkedStreams,
    private readonly repair: ParkedRepair,
  ) {}

  /** Grouped by consumer and cause; the largest group first. */
  @Get()
  groups(@Query() { consumer }: GroupsQuery): Promise<ParkedGroupView[]> {
    return this.parked.groups(consumer);
  }

  @Get('streams')
  @UseInterceptors(NextLink)
  streams(@Query() query: StreamsQuery): Promise<Page<ParkedStreamView>> {
    return this.parked.streams(query);
  }

  /** One stream with its events, their attempts, and what people did. */
  @Get('stream')
  show(@Query() query: StreamQuery): Promise<ParkedStreamDetail> {
    return this.parked.show(query);
  }

  /** Tries a stream at once, with as many tries before it as at first. */
  @Post('retry')
  @HttpCode(200)
  async retry(@Body() order: RetryStream): Promise<{ retried: number }> {
    await this.repair.retry(order);
    return { retried: 1 };
  }

  /** Tries streams of a group at once: so many, and says whether there are more. */
  @Post('retry-group')
  @HttpCode(200)
  retryGroup(@Body() order: RetryGroup): Promise<RetriedGroup> {
    return this.repair.retryGroup(order);
  }

  /** Takes the first event of a stream out, without an effect. */
  @Post('skip')
  @HttpCode(200)
  async skip(@Body() order: SkipEvent): Promise<{ skipped: number }> {
    await this.repair.skip(order);
    return { skipped: order.position };
  }

  /** Gives a waiting event another text, for this consumer only. */
  @Post('edit')
  @HttpCode(200)
  async edit(@Body() order: EditEvent): Promise<{ edited: number; revision: number }> {
    await this.repair.edit(order);
    return { edited: order.position, revision: order.revision + 1 };
  }
}
