import { ProductCreated, toAmount, toCents } from '@magasin/contracts';
import { EventLog, isUniqueViolation } from '@magasin/event-log';
import { IsLine, IsPrice } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { SkuTaken } from '../errors';
import { Product } from '../product';

export class ProductAdded {
  @ApiProperty({ type: 'integer', example: 5 })
  product_id: number;
}

export class AddProduct extends Command<ProductAdded> {
  @ApiProperty({ example: 'Mouse GHI' })
  @IsLine(150)
  name: string;

  @ApiProperty({ example: 'MS11111' })
  @IsLine(64)
  sku: string;

  @ApiProperty({ example: 24.95 })
  @IsPrice()
  price: number | string;
}

@CommandHandler(AddProduct)
export class AddProductHandler implements ICommandHandler<AddProduct> {
  constructor(private readonly log: EventLog) {}

  async execute({ name, sku, price }: AddProduct): Promise<ProductAdded> {
    const price_cents = toCents(price)!;
    return this.log.transaction(async (tx) => {
      const product = await tx.rows.insert(Product, { name, sku, price_cents }).catch((error: unknown) => {
        // The table is the judge: a look beforehand would let two callers at once through.
        throw isUniqueViolation(error) ? new SkuTaken(sku) : error;
      });
      const { id } = product.identifiers[0] as { id: number };
      tx.record(ProductCreated.of({ id, name, sku, price: toAmount(price_cents) }));
      return { product_id: id };
    });
  }
}
