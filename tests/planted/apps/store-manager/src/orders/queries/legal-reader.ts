import { EventBus } from '../../../../../libs/event-bus/src'; export const x = EventBus;
