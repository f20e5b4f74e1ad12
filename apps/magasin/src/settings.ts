import { LOG_LEVELS } from '@magasin/hosting';
import { IsIn, IsInt, IsString, IsTimeZone, IsUrl, Matches, Max, Min, MinLength, ValidateIf } from 'class-validator';

const DATABASE_URL = /^(sqlite:.+|(mariadb|mysql):\/\/.+\/.+)/;

export const isDatabaseUrl = (text: string): boolean => DATABASE_URL.test(text);

/** What the apps of one process share. */
export class MagasinSettings {
  @Matches(DATABASE_URL, {
    message: 'accepted is sqlite:<file>, or mariadb://user:password@host:3306/database (mysql:// too)',
  })
  DATABASE_URL = 'sqlite:data/magasin.sqlite';

  /** How long a start waits for a database server that does not answer yet, in seconds. */
  @IsInt()
  @Min(0)
  @Max(3_600)
  DATABASE_WAIT_SECONDS = 60;

  /** Where several processes on one database wake each other, and reports are kept to be read fast; empty: nowhere. */
  @ValidateIf(({ REDIS_URL }: MagasinSettings) => REDIS_URL !== '')
  @IsUrl(
    { protocols: ['redis', 'rediss'], require_protocol: true, require_tld: false },
    { message: 'accepted is redis://user:password@host:6379/0, or rediss:// for TLS' },
  )
  REDIS_URL = '';

  /** The interface to listen on: this machine alone, unless you say otherwise (0.0.0.0 for all). */
  @IsString()
  @MinLength(1)
  HOST = 'localhost';

  /** For the date that events and e-mails show. Default: this machine's. */
  @IsTimeZone({ message: 'accepted is a name like America/Toronto' })
  TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

  /** The apps that this process hosts, parted by commas. Several processes may share the work, and the database. */
  @Matches(/^(store-manager|payments|coolriel)(,(store-manager|payments|coolriel))*$/, {
    message: 'accepted are store-manager, payments and coolriel, parted by commas',
  })
  APPS = 'store-manager,payments,coolriel';

  /** What carries the events: the database itself, or Kafka. */
  @IsIn(['database', 'kafka'], { message: 'accepted is database or kafka' })
  EVENT_BUS: 'database' | 'kafka' = 'database';

  /** Where Kafka is: one or more, parted by commas. */
  @Matches(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, { message: 'accepted is host:port, or several parted by commas' })
  KAFKA_BROKERS = 'localhost:9092';

  /** Put before the names of topics and groups, where several shops share a Kafka. */
  @Matches(/^[\w.-]{0,100}$/, { message: 'accepted are letters, digits and . _ -' })
  KAFKA_PREFIX = '';

  /** Where a topic has forgotten what a consumer has not taken: `stop` until a person decides, or read it in the `log`. */
  @IsIn(['stop', 'log'], { message: 'accepted is stop or log' })
  MISSING_EVENTS: 'stop' | 'log' = 'stop';

  /** Whose log the past is: that of the `database` of this process, or the `store`'s, when its apps have one of their own. */
  @IsIn(['database', 'store'], { message: 'accepted is database or store' })
  PAST: 'database' | 'store' = 'database';

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
