import { DataSource, type QueryRunner } from 'typeorm';
import { WriteOutsideUnit } from './errors';

/** What repositories are injected from: it reads what is committed, and refuses to write. */
export class ReadDataSource extends DataSource {
  /** TypeORM reads in the mode `slave` and writes in `master`. */
  override createQueryRunner(mode: 'master' | 'slave' = 'master'): QueryRunner {
    if (mode === 'master') throw new WriteOutsideUnit();
    return super.createQueryRunner(mode);
  }

  override query<T>(sql: string, parameters?: unknown[]): Promise<T> {
    return super.query(sql, parameters, this.createQueryRunner('slave'));
  }
}
