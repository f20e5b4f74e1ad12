// Run by tests/needs.spec.ts, where no Kafka answers.
import { needs } from '../needs';

needs('kafka')('What speaks to Kafka', () => {
  beforeAll(() => {
    throw new Error('This is not to be run.');
  });
  it('sends', () => undefined);
  describe('and', () => {
    it('receives', () => undefined);
  });
});

it('What needs nothing runs', () => undefined);
