export class DomainEvent {}
