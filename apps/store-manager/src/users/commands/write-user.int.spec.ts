import { UserCreated } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { CommandBus } from '@nestjs/cqrs';
import { UnknownUserType, UserEmailTaken } from '../errors';
import { UsersModule } from '../index';
import { User } from '../user';
import { WriteUser } from './write-user';

const grace = { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
const seeds = [1, 2, 3, 4, 5].map((id) => ({ id }));
const write = (changes: Partial<WriteUser> = {}): WriteUser => Object.assign(new WriteUser(), { ...grace, ...changes });

onBothDatabases('WriteUser', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [UsersModule] }, undefined, databases)));
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

  it.each([
    ['accents', 'élise@example.com', 'Élise@example.com'],
    ['letters that are no ASCII', 'ada@straße.example', 'ada@strasse.example'],
  ])('takes addresses that differ in their %s for two', async (_in, one, other) => {
    await scenario
      .given(write({ email: one }))
      .when(write({ email: other }))
      .then(UserCreated.of({ id: 7, ...grace, email: other }));
  });

  it('writes one of many who come at once with an e-mail, in whatever case', async () => {
    const bus = scenario.app.get(CommandBus);
    const emails = Array.from({ length: 16 }, (_, index) => (index % 2 ? 'grace@example.com' : 'GRACE@Example.com'));

    const outcomes = await Promise.allSettled(emails.map((email) => bus.execute(write({ email }))));

    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused.map((reason) => reason instanceof UserEmailTaken)).toEqual(Array(15).fill(true));
  });

  it('refuses an unknown type of user and records nothing', async () => {
    await scenario.when(write({ user_type_id: 9 })).thenRefused(UnknownUserType);
  });
});
