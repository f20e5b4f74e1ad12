import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { QueryBus } from '@nestjs/cqrs';
import { StocksModule } from '../index';
import { GraphqlQuery } from './graphql-query';

const ask = (query: string): GraphqlQuery => Object.assign(new GraphqlQuery(), { query });

describe('GraphqlQuery', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [StocksModule] })));
  afterEach(() => scenario.end());

  it('answers what is asked, and changes nothing', async () => {
    await scenario
      .when(ask('{ product(id: "3") { sku quantity } }'))
      .thenAnswers({ data: { product: { sku: 'GG12345', quantity: 2 } } });
    await scenario.when(ask('{ stockLevel(productId: "4") }')).thenNothing();
  });

  it('says of a database that is away that it failed, where, and nothing of the inside', async () => {
    scenario.app.useLogger(false);
    await scenario.app.get(EventLog).reading.destroy();

    const answer = await scenario.app.get(QueryBus).execute(ask('{ stockLevel(productId: "4") }'));

    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      data: { stockLevel: null },
      errors: [
        {
          message: 'The server failed to answer. It was noted.',
          locations: [{ line: 1, column: 3 }],
          path: ['stockLevel'],
        },
      ],
    });
  });
});
