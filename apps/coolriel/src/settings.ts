import { IsInt, IsString, Max, Min, MinLength } from 'class-validator';

export class CoolrielSettings {
  @IsInt()
  @Min(0)
  @Max(65_535)
  COOLRIEL_PORT = 5010;

  /** Where the `folder` mailer leaves the e-mails. Made when it is missing. */
  @IsString()
  @MinLength(1)
  OUTPUT_FOLDER = 'output';
}
