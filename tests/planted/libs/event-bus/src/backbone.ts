import { EventLog } from '@magasin/event-log';
import { MemoryEventBus } from './drivers/memory.event-bus';

export const openBackbone = () => ({ log: new EventLog(), bus: new MemoryEventBus() });
