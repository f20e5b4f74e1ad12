import { IsInt, IsString, Length, Min } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';
import { IsAmount } from './money';

abstract class ProductFact extends DomainEvent {
  @IsInt()
  @Min(1)
  id: number;

  @IsString()
  @Length(1, 150)
  name: string;

  @IsString()
  @Length(1, 64)
  sku: string;

  @IsAmount()
  price: string;
}

const declaration = {
  topic: 'product-events',
  schemaVersion: 1,
  stream: (product: ProductFact) => `product-${product.id}`,
};

@EventContract({ ...declaration, summary: 'There is a new product to sell.' })
export class ProductCreated extends ProductFact {}

@EventContract({ ...declaration, summary: 'The product is gone, and its stock with it.' })
export class ProductDeleted extends ProductFact {}
