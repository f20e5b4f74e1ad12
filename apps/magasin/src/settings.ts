import { LOG_LEVELS } from '@magasin/hosting';
import { IsIn, IsInt, IsString, IsTimeZone, Matches, Max, Min, MinLength } from 'class-validator';

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

  /** Whether a person may edit a parked event, for the consumer that parked it. */
  @IsIn(['off', 'on'], { message: 'accepted is off or on' })
  EDIT_PARKED_EVENTS = 'off';

  @IsIn(LOG_LEVELS, { message: `accepted are ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL = 'info';

  /** An app is not ready while an event has waited for a consumer for longer than this. */
  @IsInt()
  @Min(1)
  READY_LAG_SECONDS = 300;

  /** Between saying that it is not ready and closing its doors: time for a load balancer to look elsewhere. */
  @IsInt()
  @Min(0)
  @Max(60)
  STOP_DELAY_SECONDS = 0;
}
