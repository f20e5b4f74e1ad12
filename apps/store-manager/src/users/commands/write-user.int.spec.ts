import { UserCreated } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { UnknownUserType, UserEmailTaken } from '../errors';
import { UsersModule } from '../index';
import { User } from '../user';
import { WriteUser } from './write-user';

const grace = { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
const seeds = [1, 2, 3, 4, 5].map((id) => ({ id }));
const write = (changes: Partial<WriteUser> = {}): WriteUser => Object.assign(new WriteUser(), { ...grace, ...changes });

describe('WriteUser', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [UsersModule] })));
  afterEach(() => scenario.end());

  it('writes a user behind the five of the first day, and records it', async () => {
    await scenario
      .when(write())
      .then(UserCreated.of({ id: 6, ...grace }))
      .andAnswers({ user_id: 6 })
      .andRows(User, [...seeds, { id: 6, ...grace }]);
  });

  it('makes a client of whom nobody says what he is', async () => {
    await scenario
      .when(Object.assign(new WriteUser(), { name: 'A', email: 'a@example.com' }))
      .then(UserCreated.of({ id: 6, name: 'A', email: 'a@example.com', user_type_id: 1 }));
  });

  it('refuses an e-mail that is taken, also in capitals, and records nothing', async () => {
    await scenario
      .given(write())
      .when(write({ email: 'GRACE@example.com' }))
      .thenRefused(UserEmailTaken);
  });

  it('refuses an unknown type of user and records nothing', async () => {
    await scenario.when(write({ user_type_id: 9 })).thenRefused(UnknownUserType);
  });
});
