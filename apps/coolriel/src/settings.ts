import { IsMailAddress } from '@magasin/hosting';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Max,
  Min,
  MinLength,
  ValidateBy,
  type ValidationArguments,
  ValidateIf,
} from 'class-validator';

/** A rule over several settings; its message must not show their values: one is a password. */
const Holds = (rule: (settings: CoolrielSettings) => boolean, message: string): PropertyDecorator =>
  ValidateBy({
    name: 'holds',
    validator: {
      validate: (_value, args?: ValidationArguments) => {
        const settings = args?.object as CoolrielSettings;
        return settings.MAILER !== 'smtp' || rule(settings);
      },
      defaultMessage: () => message,
    },
  });

const IfGiven = ValidateIf((_settings, value) => value !== '');

export class CoolrielSettings {
  @IsInt()
  @Min(0)
  @Max(65_535)
  COOLRIEL_PORT = 5010;

  @IsIn(['folder', 'smtp'], { message: 'accepted is folder or smtp' })
  MAILER: 'folder' | 'smtp' = 'folder';

  /** Where the `folder` mailer leaves the e-mails. Made when it is missing. */
  @IsString()
  @MinLength(1)
  OUTPUT_FOLDER = 'output';

  /** Where people who look at an e-mail find its event. In the shop HOST and STORE_MANAGER_PORT say it, unless you do. */
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'accepted is an address like http://localhost:5000' },
  )
  STORE_URL = 'http://localhost:5000';
  @IsMailAddress(150)
  MAIL_FROM = 'bonjour@magasinducoin.ca';

  /** Empty: as MAIL_FROM. */
  @IfGiven
  @IsMailAddress(150)
  MAIL_REPLY_TO = '';

  /** The envelope's sender, which gets the bounces. Empty: as MAIL_FROM. */
  @IfGiven
  @IsMailAddress(150)
  MAIL_BOUNCE_TO = '';

  /** So many tries of one e-mail, about three days with 30, then it is `failed`. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  MAIL_TRIES = 30;

  @IsString()
  @MinLength(1)
  SMTP_HOST = 'localhost';

  @IsInt()
  @Min(1)
  @Max(65_535)
  SMTP_PORT = 587;

  @IsIn(['off', 'starttls', 'tls'], { message: 'accepted is off, starttls or tls' })
  @Holds(
    ({ SMTP_TLS, SMTP_USER }) => SMTP_TLS !== 'off' || SMTP_USER === '',
    'with SMTP_USER it must be starttls or tls, or the password would travel in the clear',
  )
  @Holds(
    ({ SMTP_TLS, SMTP_PORT }) => SMTP_PORT !== 465 || SMTP_TLS === 'tls',
    'port 465 speaks tls from the first byte',
  )
  SMTP_TLS: 'off' | 'starttls' | 'tls' = 'starttls';

  /** Empty: no login. */
  @IsString()
  @Holds(
    ({ SMTP_USER, SMTP_PASSWORD }) => (SMTP_USER === '') === (SMTP_PASSWORD === ''),
    'SMTP_USER and SMTP_PASSWORD go together',
  )
  SMTP_USER = '';

  // No rule: a message would show it.
  @IsOptional()
  SMTP_PASSWORD = '';

  /** So many e-mails are sent at once. */
  @IsInt()
  @Min(1)
  @Max(100)
  SMTP_CONNECTIONS = 10;

  /** How long the server may take for an answer, in seconds. */
  @IsInt()
  @Min(1)
  @Max(600)
  SMTP_TIMEOUT = 60;
}
