import { IsIn, IsString, IsTimeZone, Matches, MinLength } from 'class-validator';

/** What the apps of one process share. */
export class MagasinSettings {
  @Matches(/^sqlite:.+/, { message: 'accepted is sqlite:<file>, for example sqlite:data/magasin.sqlite' })
  DATABASE_URL = 'sqlite:data/magasin.sqlite';

  /** The interface to listen on: this machine alone, unless you say otherwise (0.0.0.0 for all). */
  @IsString()
  @MinLength(1)
  HOST = 'localhost';

  /** For the date that events and e-mails show. Default: this machine's. */
  @IsTimeZone({ message: 'accepted is a name like America/Toronto' })
  TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

  @IsIn(['database'], { message: 'accepted is database' })
  EVENT_BUS = 'database';
}
