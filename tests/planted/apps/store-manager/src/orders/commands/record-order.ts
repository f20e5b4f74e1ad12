import { EventLog } from '@magasin/event-log';

export const recorded = EventLog;
