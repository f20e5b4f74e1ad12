import { DataSource } from 'typeorm';
import { WriteOutsideUnit } from './errors';

/** What writes. Only units of work get a query runner of it. */
export class WriteDataSource extends DataSource {
  /** TypeORM asks for a runner wherever none was given: a bare repository, which would write past the unit. */
  override createQueryRunner(): never {
    throw new WriteOutsideUnit();
  }
}
