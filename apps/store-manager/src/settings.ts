import { IsInt, Max, Min } from 'class-validator';

export class StoreManagerSettings {
  /** 0 takes any free port. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  STORE_MANAGER_PORT = 5000;
}
