import { IsInt, IsString, IsUrl, Max, Min, MinLength } from 'class-validator';

export class CoolrielSettings {
  @IsInt()
  @Min(0)
  @Max(65_535)
  COOLRIEL_PORT = 5010;

  /** Where the `folder` mailer leaves the e-mails. Made when it is missing. */
  @IsString()
  @MinLength(1)
  OUTPUT_FOLDER = 'output';

  /** Where people who look at an e-mail find its event. In the one-process shop the store's own address, unless you say. */
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'accepted is an address like http://localhost:5000' },
  )
  STORE_URL = 'http://localhost:5000';
}
