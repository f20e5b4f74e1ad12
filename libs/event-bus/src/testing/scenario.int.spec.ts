import { existsSync } from 'node:fs';
import { EventLog } from '@magasin/event-log';
import { CqrsModule } from '@nestjs/cqrs';
import { EventBackboneModule } from '..';
import { Scenario } from '.';
import {
  Greeting,
  ListGuests,
  Seat,
  SeatIsBroken,
  SeatIsTaken,
  SeatPaid,
  SeatsModule,
  SeatTaken,
  TakeSeat,
  Words,
} from './seats';

const untrue = async (sentence: Promise<void>): Promise<string> =>
  sentence.then(
    () => 'true',
    (error: Error) => (error.name === 'ScenarioFailed' ? error.message : (error.stack ?? '')),
  );

describe('Scenario', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [SeatsModule] })));
  afterEach(() => scenario.end());

  const taken = (seat: number, guest = 'Ada'): SeatTaken => SeatTaken.of({ seat, guest });

  it('is true of commands, queries, events, rows and functions', async () => {
    await scenario
      .given(new TakeSeat(1, 'Ada'))
      .givenRows(Seat, { seat: 2, guest: 'Alan' })
      .when(new TakeSeat(3, 'Grace'))
      .then(taken(3, 'Grace'))
      .andAnswers({ seat: 3 })
      .andRows(Seat, [{ guest: 'Ada' }, { guest: 'Alan' }, { guest: 'Grace' }]);

    await scenario.when(new ListGuests()).thenAnswers(['Ada', 'Alan', 'Grace']);
    await scenario.when((app) => app.get(Words).hello).thenAnswers('Hello');
    await scenario.when(new TakeSeat(3, 'Grace')).thenNothing();
    await scenario.when(new TakeSeat(3, 'Ada')).thenRefused(SeatIsTaken);
  });

  it('waits until the consumers have taken an event, and what they record themselves', async () => {
    await scenario.when(taken(1)).thenRows(Greeting, [{ text: 'Hello Ada' }]);
    await scenario.when(taken(2, 'rich')).then(SeatPaid.of({ seat: 2 }));
    await scenario
      .given(taken(3, 'Alan'))
      .when(taken(4, 'Grace'))
      .thenRows(Greeting, [
        { text: 'Hello Ada' },
        { text: 'Hello Alan' },
        { text: 'Hello Grace' },
        { text: 'Hello rich' },
      ]);
  });

  it('tells of consumers that do not come through', async () => {
    await scenario.when(taken(1, 'rude')).thenParked('usher', 'not in this house');
    await scenario.when(taken(2, 'late')).thenPaused('usher', 'gone home');
  });

  it('says the whole sentence, and what was there instead', async () => {
    const message = await untrue(
      scenario.given(new TakeSeat(1, 'Ada')).when(new TakeSeat(2, 'Alan')).then(taken(2, 'Grace')),
    );

    expect(message).toBe(`This is not true:

  given  TakeSeat { seat: 1, guest: 'Ada' }
   when  TakeSeat { seat: 2, guest: 'Alan' }
   then  SeatTaken { seat: 2, guest: 'Grace' }
    but  this was recorded: SeatTaken { seat: 2, guest: 'Alan' }

+ actual - expected

  [
    {
      event: 'SeatTaken',
+     guest: 'Alan',
-     guest: 'Grace',
      seat: 2
    }
  ]
`);
  });

  it.each<[name: string, sentence: () => Promise<void>, but: RegExp]>([
    ['too few events', () => scenario.when(() => 1).then(taken(1)), /but {2}nothing was recorded/],
    ['other rows', () => scenario.when(taken(1)).thenRows(Greeting, []), /the rows of Greeting are others/],
    ['another answer', () => scenario.when(() => 1).thenAnswers('1'), /but {2}it answered 1\n/],
    [
      'an event instead of nothing',
      () => scenario.when(new TakeSeat(1, 'A')).thenNothing(),
      /but {2}this was recorded/,
    ],
    [
      'a row instead of nothing',
      () =>
        scenario
          .when((app) => app.get(EventLog).transaction(({ rows }) => rows.insert(Greeting, { text: 'x' })))
          .thenNothing(),
      /but {2}rows have changed[^]*\+ +text: 'x'/,
    ],
    ['a success', () => scenario.when(() => 7).thenRefused(SeatIsTaken), /it was done, and answered 7/],
    [
      'a refusal',
      () => scenario.givenRows(Seat, { seat: 1, guest: 'B' }).when(new TakeSeat(1, 'A')).thenNothing(),
      /it was refused: .*SeatIsTaken/,
    ],
    [
      'another refusal',
      () => scenario.givenRows(Seat, { seat: 1, guest: 'B' }).when(new TakeSeat(1, 'A')).thenRefused(SeatIsBroken),
      /then {2}it is refused: SeatIsBroken\n {4}but {2}it was refused otherwise/,
    ],
    [
      'a parked event',
      () => scenario.when(taken(1, 'rude')).thenRows(Seat, []),
      /usher is parked: Error: not in this house\n {4}at Usher/,
    ],
    [
      'a parked event in the given',
      () =>
        scenario
          .given(taken(1, 'rude'))
          .when(() => 1)
          .thenAnswers(1),
      /usher is parked/,
    ],
    [
      'a paused consumer',
      () => scenario.when(taken(1, 'late')).thenRows(Seat, []),
      /usher is paused: the usher has gone home/,
    ],
    ['no trouble', () => scenario.when(taken(1)).thenParked('usher', 'no'), /but {2}it has come through/],
    [
      'another trouble',
      () => scenario.when(taken(1, 'rude')).thenParked('usher', 'tired'),
      /but {2}the consumer usher is parked: Error: not in/,
    ],
    [
      'a wrong and',
      () => scenario.when(new TakeSeat(1, 'A')).then(taken(1, 'A')).andRows(Seat, []),
      /and {2}the rows of Seat are \[\]/,
    ],
    [
      'a wrong second and',
      () => scenario.when(new TakeSeat(1, 'A')).then(taken(1, 'A')).andAnswers({ seat: 1 }).andAnswers(2),
      /and {2}it answers 2/,
    ],
    [
      'a wrong then before a true and',
      () =>
        scenario
          .when(() => 1)
          .then(taken(1))
          .andAnswers(1),
      /nothing was recorded/,
    ],
  ])('is untrue of %s', async (_name, sentence, but) => {
    expect(await untrue(sentence())).toMatch(but);
  });
});

describe('Scenario.open', () => {
  it('lets a test replace a provider', async () => {
    const scenario = await Scenario.open({ imports: [SeatsModule] }, (testing) =>
      testing.overrideProvider(Words).useValue({ hello: 'Bonjour' }),
    );

    await scenario.when(SeatTaken.of({ seat: 1, guest: 'Ada' })).thenRows(Greeting, [{ text: 'Bonjour Ada' }]);
    await scenario.end();
  });

  it('takes a whole app, and never the database that it names', async () => {
    const root = EventBackboneModule.forRootAsync({ useFactory: () => ({ url: 'sqlite:/nowhere/real.sqlite' }) });
    const scenario = await Scenario.open({ imports: [CqrsModule.forRoot(), root, SeatsModule] });

    await scenario.when(new TakeSeat(1, 'Ada')).then(SeatTaken.of({ seat: 1, guest: 'Ada' }));
    await scenario.end();
  });

  it('leaves no files', async () => {
    const scenario = await Scenario.open({ imports: [SeatsModule] });
    const file = scenario.app.get(EventLog).reading.options.database as string;
    expect(existsSync(file)).toBe(true);

    await scenario.end();

    expect(existsSync(file)).toBe(false);
  });

  it('fails a test that ends with a when', async () => {
    const scenario = await Scenario.open({ imports: [SeatsModule] });
    scenario.when(new TakeSeat(1, 'Ada'));

    await expect(scenario.end()).rejects.toThrow("it was not run: when TakeSeat { seat: 1, guest: 'Ada' }");
  });

  it('does not let a when be awaited', async () => {
    const scenario = await Scenario.open({ imports: [SeatsModule] });
    // @ts-expect-error Its `then` takes events.
    await expect(async () => await scenario.when(new TakeSeat(1, 'Ada'))).rejects.toThrow('A `when` was awaited');

    await expect(scenario.end()).rejects.toThrow('it was not run');
  });
});
