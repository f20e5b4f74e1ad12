export const DatabaseEventBus = 1;
