import { IsInt, Min } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';

/**
 * Somebody has counted. What orders take and give back is in their own events. Both quantities are told, so that whoever
 * adds up the differences comes to the same stock in whatever order he reads the streams.
 */
@EventContract<StockSet>({
  topic: 'stock-events',
  schemaVersion: 1,
  summary: 'Somebody has counted what is in stock. What orders take and give back is told in their own events.',
  stream: ({ product_id }) => `stock-${product_id}`,
})
export class StockSet extends DomainEvent {
  @IsInt()
  @Min(1)
  product_id: number;

  @IsInt()
  @Min(0)
  quantity: number;

  @IsInt()
  @Min(0)
  previous_quantity: number;
}
