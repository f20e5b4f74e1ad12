import { ProductDeleted, toAmount } from '@magasin/contracts';
import { EventLog, forUpdate, isForeignKeyViolation } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { ProductNotFound, ProductOrdered } from '../errors';
import { Product } from '../product';

export class ProductIsDeleted {
  @ApiProperty({ enum: [true], example: true })
  deleted: true;
}

export class DeleteProduct extends Command<ProductIsDeleted> {
  constructor(readonly id: number) {
    super();
  }
}

@CommandHandler(DeleteProduct)
export class DeleteProductHandler implements ICommandHandler<DeleteProduct> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: DeleteProduct): Promise<ProductIsDeleted> {
    return this.log.transaction(async (tx) => {
      const product = await tx.rows.findOne(Product, { where: { id }, ...forUpdate(tx.rows) });
      // Its stock goes with it, by the foreign key of the stock; a line of an order holds it, by that of the line.
      const { affected } = await tx.rows.delete(Product, { id }).catch((error: unknown) => {
        throw isForeignKeyViolation(error) ? new ProductOrdered(id) : error;
      });
      // With the member that clients of this route read.
      if (!product || affected !== 1) throw new ProductNotFound(id, { deleted: false });
      const { name, sku, price_cents } = product;
      tx.record(ProductDeleted.of({ id, name, sku, price: toAmount(price_cents) }));
      return { deleted: true };
    });
  }
}
