import { NextLink } from '@magasin/hosting';
import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { StreamQuery } from './input';
import { ReadStream, type StreamAt } from './read-stream';

@Controller('streams')
export class StreamsController {
  constructor(private readonly streams: ReadStream) {}

  @Get(':stream')
  @UseInterceptors(NextLink)
  read(@Param('stream') stream: string, @Query() query: StreamQuery): Promise<StreamAt> {
    return this.streams.read(stream, query);
  }
}
