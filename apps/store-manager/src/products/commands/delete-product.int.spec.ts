import { ProductDeleted } from '@magasin/contracts';
import { EventBackboneModule } from '@magasin/event-bus';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { createTables } from '@magasin/event-log';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { ProductNotFound, ProductOrdered } from '../errors';
import { ProductsModule } from '../index';
import { Product } from '../product';
import { DeleteProduct } from './delete-product';

/** As a line of an order will name its product. */
@Entity('line_of_spec')
class Line {
  @PrimaryColumn('integer')
  id: number;

  @Column('integer')
  product_id: number;
}

class CreateLine1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = 'product_id BIGINT NOT NULL, FOREIGN KEY (product_id) REFERENCES products (id)';
    await createTables(runner, {
      sqlite: [`CREATE TABLE line_of_spec (id INTEGER PRIMARY KEY, ${columns})`],
      mysql: { line_of_spec: `id BIGINT NOT NULL PRIMARY KEY, ${columns}` },
    });
  }

  async down(): Promise<void> {}
}

onBothDatabases('DeleteProduct', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => {
    const lines = EventBackboneModule.forFeature({ entities: [Line], migrations: [CreateLine1764000009000] });
    scenario = await Scenario.open({ imports: [ProductsModule, lines] }, undefined, databases);
  });
  afterEach(() => scenario.end());

  it('deletes the product and records what it was', async () => {
    await scenario
      .when(new DeleteProduct(2))
      .then(ProductDeleted.of({ id: 2, name: 'Keyboard DEF', sku: 'KB67890', price: '59.50' }))
      .andAnswers({ deleted: true })
      .andRows(Product, [{ id: 1 }, { id: 3 }, { id: 4 }]);
  });

  it('refuses an unknown product, and one that is gone already', async () => {
    await scenario.when(new DeleteProduct(5)).thenRefused(ProductNotFound);
    await scenario.given(new DeleteProduct(4)).when(new DeleteProduct(4)).thenRefused(ProductNotFound);
  });

  it('refuses a product that a line names', async () => {
    await scenario.givenRows(Line, { id: 1, product_id: 3 }).when(new DeleteProduct(3)).thenRefused(ProductOrdered);
  });
});
