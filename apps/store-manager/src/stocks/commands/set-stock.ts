import { StockSet } from '@magasin/contracts';
import { EventLog, forUpdate, isForeignKeyViolation, isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { IsId, IsQuantity } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { UnknownProduct } from '../errors';
import { Stock } from '../stock';

export class StockIsSet {
  @ApiProperty({
    example: 'rows added: 5',
    description: '`rows added: <quantity>` for the first one of a product, then `rows updated: 1`.',
  })
  result: string;
}

export class SetStock extends Command<StockIsSet> {
  @ApiProperty({ example: 5 })
  @IsId()
  product_id: number;

  @ApiProperty({ example: 5 })
  @IsQuantity(0)
  quantity: number;
}

@CommandHandler(SetStock)
export class SetStockHandler implements ICommandHandler<SetStock> {
  constructor(private readonly log: EventLog) {}

  async execute({ product_id, quantity }: SetStock): Promise<StockIsSet> {
    return this.log.transaction(async (tx) => {
      const before = await replace(tx, { product_id, quantity });
      tx.record(StockSet.of({ product_id, quantity, previous_quantity: before?.quantity ?? 0 }));
      // The words of the system before, which its clients read.
      return { result: before ? 'rows updated: 1' : `rows added: ${quantity}` };
    });
  }
}

/** @returns what was there before, undefined for the first stock of a product. @throws UnknownProduct */
async function replace(tx: UnitOfWork, { product_id, quantity }: Stock): Promise<Stock | undefined> {
  for (;;) {
    // The event must tell what was there, so nobody takes of it meanwhile.
    const before = await tx.rows.findOne(Stock, { where: { product_id }, ...forUpdate(tx.rows) });
    if (before) {
      await tx.rows.update(Stock, { product_id }, { quantity });
      return before;
    }
    try {
      await tx.rows.insert(Stock, { product_id, quantity });
      return undefined;
    } catch (error) {
      if (isForeignKeyViolation(error)) throw new UnknownProduct({ product_id, pointer: '#/product_id' });
      // Somebody else was the first.
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
