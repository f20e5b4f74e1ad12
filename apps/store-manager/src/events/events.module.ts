import { Module } from '@nestjs/common';
import { EventsController } from './events.controller';
import { ReadEvents } from './read-events';
import { ReadStream } from './read-stream';
import { StreamEvents } from './stream-events';
import { StreamsController } from './streams.controller';

@Module({
  controllers: [EventsController, StreamsController],
  providers: [ReadEvents, StreamEvents, ReadStream],
})
export class EventsModule {}
