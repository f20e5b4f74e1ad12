import Sqlite from 'better-sqlite3';
import { openTestLog, type TestLog, upTo } from '../testing';

describe('What is asked in one turn of the event loop', () => {
  let test: TestLog;
  let other: Sqlite.Database;
  beforeEach(async () => {
    test = await openTestLog();
    other = new Sqlite(test.file);
    test.statements.length = 0;
  });
  afterEach(async () => {
    other.close();
    await test.close();
  });

  const count = async (): Promise<number> => {
    const [{ n }] = await test.log.reading.query<{ n: number }[]>('SELECT count(*) AS n FROM item');
    return n;
  };
  const begins = (): number => test.statements.filter((sql) => sql === 'BEGIN').length;

  it('is read in one transaction when it is much, and each gets its own answer', async () => {
    const answers = await Promise.allSettled(
      upTo(20).map((n) => test.log.reading.query(`SELECT ${n} AS n ${n === 7 ? 'FROM nowhere' : ''}`)),
    );

    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual(
      upTo(20).map((n) => (n === 7 ? 'failed' : [{ n }])),
    );
    expect(begins()).toBe(1);

    await Promise.all(upTo(3).map(count));
    expect(begins()).toBe(1);
  });

  it('is answered by what was committed when it was asked, by whomever', async () => {
    const turns = await Promise.all(
      upTo(200).map(async (id) => {
        await new Promise((later) => setTimeout(later, id % 5));
        const asked = upTo(id % 12).map(count);
        other.exec(`INSERT INTO item VALUES (${id}, 'theirs')`);
        const there = other.prepare('SELECT count(*) FROM item').pluck().get() as number;
        const seen = await count();
        await Promise.all(asked);
        return { there, seen };
      }),
    );

    expect(begins()).toBeGreaterThan(0);
    expect(turns.filter(({ there, seen }) => seen < there)).toEqual([]);
  });

  it('leaves no transaction behind that would keep the log of SQLite from being emptied', async () => {
    other.exec(`INSERT INTO item VALUES (1, 'theirs')`);
    expect(await Promise.all(upTo(20).map(count))).toEqual(Array(20).fill(1));
    other.exec(`INSERT INTO item VALUES (2, 'theirs')`);

    expect(other.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
  });

  it('fails when the log is closed before it is read', async () => {
    const asked = Promise.allSettled(upTo(20).map(count));
    await test.log.reading.destroy();

    expect(new Set((await asked).map(({ status }) => status))).toEqual(new Set(['rejected']));
  });
});
