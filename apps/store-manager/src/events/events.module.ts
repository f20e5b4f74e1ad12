import { Module } from '@nestjs/common';
import { EventsController } from './events.controller';
import { ReadEvents } from './read-events';

@Module({ controllers: [EventsController], providers: [ReadEvents] })
export class EventsModule {}
