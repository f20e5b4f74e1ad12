import { Module } from '@nestjs/common';
import { AsyncApiController } from './asyncapi.controller';
import { EventsController } from './events.controller';
import { ReadEvents } from './read-events';
import { ReadStream } from './read-stream';
import { StreamEvents } from './stream-events';
import { StreamsController } from './streams.controller';

@Module({
  controllers: [EventsController, StreamsController, AsyncApiController],
  providers: [ReadEvents, StreamEvents, ReadStream],
})
export class EventsModule {}
