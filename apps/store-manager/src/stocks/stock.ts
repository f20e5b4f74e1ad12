import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many units of a product are there to be sold. */
@Entity('stocks')
export class Stock {
  @ApiProperty({ type: 'integer', example: 4 })
  @PrimaryColumn('integer')
  product_id: number;

  @ApiProperty({ type: 'integer', example: 90 })
  @Column('integer')
  quantity: number;
}
