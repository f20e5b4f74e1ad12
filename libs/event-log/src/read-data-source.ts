import { DataSource, type QueryRunner } from 'typeorm';
import { WriteOutsideUnit } from './errors';

/** What repositories are injected from: it reads what is committed, and refuses to write. */
export class ReadDataSource extends DataSource {
  /** TypeORM reads in the mode `slave` and writes in `master`. */
  override createQueryRunner(mode: 'master' | 'slave' = 'master'): QueryRunner {
    if (mode === 'master') throw new WriteOutsideUnit();
    return this.runner();
  }

  protected runner(): QueryRunner {
    return super.createQueryRunner('slave');
  }

  override async query<T>(sql: string, parameters?: unknown[]): Promise<T> {
    const runner = this.createQueryRunner('slave');
    try {
      return await super.query<T>(sql, parameters, runner);
    } finally {
      await runner.release();
    }
  }
}
