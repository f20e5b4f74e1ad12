import { NextLink, Problems } from '@magasin/hosting';
import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { StreamNotFound } from './errors';
import { StreamQuery } from './input';
import { ReadStream, StreamAt } from './read-stream';

@Controller('streams')
export class StreamsController {
  constructor(private readonly streams: ReadStream) {}

  @Get(':stream')
  @UseInterceptors(NextLink)
  @ApiOperation({ summary: 'Tell a stream up to a moment, or up to a version' })
  @ApiParam({ name: 'stream', type: String, example: 'user-6' })
  @ApiOkResponse({ type: StreamAt })
  @Problems(new StreamNotFound('user-6'))
  read(@Param('stream') stream: string, @Query() query: StreamQuery): Promise<StreamAt> {
    return this.streams.read(stream, query);
  }
}
