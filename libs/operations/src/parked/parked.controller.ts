import { type Page, Paged, Problems } from '@magasin/hosting';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { EditingIsOff, EditRefused, ParkedOtherwise, StreamNotParked } from './errors';
import { EditEvent, GroupsQuery, RetryGroup, RetryStream, SkipEvent, StreamQuery, StreamsQuery } from './input';
import { ParkedRepair } from './parked-repair';
import { ParkedStreams } from './parked-streams';
import {
  EventEdited,
  EventSkipped,
  GroupRetried,
  ParkedGroupView,
  ParkedStreamDetail,
  ParkedStreamView,
  StreamRetried,
} from './views';

const NOT_PARKED = new StreamNotParked('coolriel', 'user-6');
const BEING_TRIED = new ParkedOtherwise('user-6', 'it is being tried already');
const NOT_FIRST = new ParkedOtherwise('user-6', 'event 7 is not its first one any more');

@Controller('admin/parked')
export class ParkedController {
  constructor(
    private readonly parked: ParkedStreams,
    private readonly repair: ParkedRepair,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List what is parked by consumer and cause, the largest group first' })
  @ApiOkResponse({ type: [ParkedGroupView] })
  groups(@Query() { consumer }: GroupsQuery): Promise<ParkedGroupView[]> {
    return this.parked.groups(consumer);
  }

  @Get('streams')
  @ApiOperation({ summary: 'List the streams of a group, in the order in which they failed last' })
  @Paged(ParkedStreamView)
  streams(@Query() query: StreamsQuery): Promise<Page<ParkedStreamView>> {
    return this.parked.streams(query);
  }

  @Get('stream')
  @ApiOperation({ summary: 'Show a stream with its events, their attempts, and what people did' })
  @ApiOkResponse({ type: ParkedStreamDetail })
  @Problems(NOT_PARKED)
  show(@Query() query: StreamQuery): Promise<ParkedStreamDetail> {
    return this.parked.show(query);
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try a stream at once, with as many tries before it as at first' })
  @ApiOkResponse({ type: StreamRetried })
  @Problems(NOT_PARKED, BEING_TRIED)
  async retry(@Body() order: RetryStream): Promise<StreamRetried> {
    await this.repair.retry(order);
    return { retried: 1 };
  }

  @Post('retry-group')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try streams of a group at once: a hundred at most, and say whether there are more' })
  @ApiOkResponse({ type: GroupRetried })
  retryGroup(@Body() order: RetryGroup): Promise<GroupRetried> {
    return this.repair.retryGroup(order);
  }

  @Post('skip')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the first event of a stream out, without an effect' })
  @ApiOkResponse({ type: EventSkipped })
  @Problems(NOT_PARKED, NOT_FIRST)
  async skip(@Body() order: SkipEvent): Promise<EventSkipped> {
    await this.repair.skip(order);
    return { skipped: order.position };
  }

  @Post('edit')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a waiting event another text, for this consumer only' })
  @ApiOkResponse({ type: EventEdited })
  @Problems(new EditingIsOff(), new EditRefused(['email must be an email']), NOT_PARKED, NOT_FIRST)
  async edit(@Body() order: EditEvent): Promise<EventEdited> {
    await this.repair.edit(order);
    return { edited: order.position, revision: order.revision + 1 };
  }
}
