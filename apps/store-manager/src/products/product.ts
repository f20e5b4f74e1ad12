import { toAmount } from '@magasin/contracts';
import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('products')
export class Product {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  sku: string;

  @Column('integer')
  price_cents: number;
}

/** A product as callers see it. */
export class ProductView {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ example: 'Laptop ABC' })
  name: string;

  @ApiProperty({ example: 'LP12567' })
  sku: string;

  @ApiProperty({ example: 1999.99 })
  price: number;
}

/** The price as a JSON number: the one whose shortest text is the amount. */
export const toPrice = (cents: number): number => Number(toAmount(cents));

export const viewOf = ({ id, name, sku, price_cents }: Product): ProductView => ({
  id,
  name,
  sku,
  price: toPrice(price_cents),
});
