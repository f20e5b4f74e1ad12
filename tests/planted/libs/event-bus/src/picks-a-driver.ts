import { MemoryEventBus } from './drivers/memory.event-bus';

export const picked = MemoryEventBus;
