import { DomainEvent } from '@magasin/contracts';

export class EventLog {
  readonly events: DomainEvent[] = [];
}
