import { ProductCreated } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { SkuTaken } from '../errors';
import { ProductsModule } from '../index';
import { Product } from '../product';
import { PRODUCT_SEEDS } from '../seeds';
import { AddProduct } from './add-product';

const mouse = { name: 'Mouse GHI', sku: 'MS11111', price: 24.95 };
const add = (changes: Partial<AddProduct> = {}): AddProduct =>
  Object.assign(new AddProduct(), { ...mouse, ...changes });

onBothDatabases('AddProduct', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [ProductsModule] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('adds a product behind the four of the first day, in cents, and records its price as text', async () => {
    await scenario
      .when(add())
      .then(ProductCreated.of({ id: 5, ...mouse, price: '24.95' }))
      .andAnswers({ product_id: 5 })
      .andRows(Product, [...PRODUCT_SEEDS, { id: 5, name: 'Mouse GHI', sku: 'MS11111', price_cents: 2_495 }]);
  });

  it.each([
    ['0.01', '0.01'],
    [5, '5.00'],
    ['5.7', '5.70'],
    [99_999_999.99, '99999999.99'],
  ])('takes the price %j, to the cent', async (price, told) => {
    await scenario.when(add({ price })).then(ProductCreated.of({ id: 5, ...mouse, price: told }));
  });

  it('takes SKUs for two that differ in a blank at their end, or in an accent', async () => {
    const skus = ['A', 'A ', 'É', 'é'];
    await scenario
      .given(...skus.map((sku) => add({ sku })))
      .when(add({ sku: 'B' }))
      .thenRows(Product, [...PRODUCT_SEEDS.map(({ sku }) => ({ sku })), ...skus.map((sku) => ({ sku })), { sku: 'B' }]);
  });

  it('refuses a SKU that is taken, also in small letters, and records nothing', async () => {
    await scenario
      .given(add())
      .when(add({ sku: 'ms11111' }))
      .thenRefused(SkuTaken);
  });
});
