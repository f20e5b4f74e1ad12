import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { type Backbone, openBackbone } from './backbone';
import { ActiveInstance } from './instance';
import { discardRows, readLive } from './projection';

@Entity('tally')
class Tally {
  @PrimaryColumn('text')
  instance: string;

  @PrimaryColumn('integer')
  id: number;

  @Column('text', { nullable: true })
  name: string | null;
}

class CreateTally1764000000903 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tally (
      instance TEXT NOT NULL, id INTEGER NOT NULL, name TEXT, PRIMARY KEY (instance, id)) STRICT, WITHOUT ROWID`);
  }

  async down(): Promise<void> {}
}

describe('The rows of a projection', () => {
  let folder: string;
  let backbone: Backbone;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'projection-'));
    const tables = { entities: [Tally], migrations: [CreateTally1764000000903] };
    backbone = await openBackbone({ url: `sqlite:${join(folder, 'test.sqlite')}`, ...tables });
  });
  afterEach(async () => {
    await backbone.log.close();
    rmSync(folder, { recursive: true });
  });

  const write = (instance: string, count: number): Promise<unknown> =>
    backbone.log.transaction(({ rows }) =>
      rows.insert(
        Tally,
        Array.from({ length: count }, (_, id) => ({ instance, id })),
      ),
    );
  const swap = (instance: string): Promise<unknown> =>
    backbone.log.transaction(({ rows }) => rows.save(ActiveInstance, { consumer: 'tallies', instance }));
  const count = (instance: string): Promise<number> => backbone.log.reading.manager.countBy(Tally, { instance });

  it('are read under the name of the consumer, until an instance is swapped in', async () => {
    const { manager } = backbone.log.reading;
    expect(await readLive(manager, 'tallies', async (instance) => instance)).toBe('tallies');
    await swap('tallies@2');
    expect(await readLive(manager, 'tallies', async (instance) => instance)).toBe('tallies@2');
  });

  it('are read again when another was swapped in while they were read, and half of them were gone', async () => {
    await write('tallies', 3);
    await write('tallies@2', 3);
    const read: string[] = [];

    const found = await readLive(backbone.log.reading.manager, 'tallies', async (instance) => {
      read.push(instance);
      if (instance === 'tallies') {
        await swap('tallies@2');
        await backbone.log.transaction(({ rows }) => rows.delete(Tally, { instance, id: 1 }));
      }
      return count(instance);
    });

    expect(read).toEqual(['tallies', 'tallies@2']);
    expect(found).toBe(3);
  });

  it.each([
    [0, 1],
    [199, 1],
    [200, 2],
    [450, 3],
  ])('are discarded in steps, and no other instance loses one: %d in %d', async (rows, steps) => {
    await write('tallies@2', 1);
    if (rows > 0) await write('tallies', rows);

    let taken = 1;
    while (!(await backbone.log.transaction((tx) => discardRows(tx, Tally, 'tallies')))) taken += 1;

    expect(taken).toBe(steps);
    expect([await count('tallies'), await count('tallies@2')]).toEqual([0, 1]);
  });
});
