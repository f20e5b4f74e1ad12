import { UserDeleted } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { UserNotFound } from '../errors';
import { UsersModule } from '../index';
import { User } from '../user';
import { DeleteUser } from './delete-user';

const grace = { id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };

describe('DeleteUser', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [UsersModule] })));
  afterEach(() => scenario.end());

  it('deletes the user and records what he was', async () => {
    await scenario
      .givenRows(User, grace)
      .when(new DeleteUser(6))
      .then(UserDeleted.of(grace))
      .andAnswers({ deleted: true })
      .andRows(User, [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }]);
  });

  it('refuses an unknown user', async () => {
    await scenario.when(new DeleteUser(6)).thenRefused(UserNotFound);
  });

  it('refuses a user who is gone already', async () => {
    await scenario.givenRows(User, grace).given(new DeleteUser(6)).when(new DeleteUser(6)).thenRefused(UserNotFound);
  });
});
