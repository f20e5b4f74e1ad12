export class MemoryEventBus {}
