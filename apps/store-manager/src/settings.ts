import { IsIn, IsInt, IsUrl, Max, Min } from 'class-validator';

export class StoreManagerSettings {
  /** 0 takes any free port. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  STORE_MANAGER_PORT = 5000;

  /** How an order gets its payment: by events alone, `async`, or by a call after the commit as well, `sync`. */
  @IsIn(['async', 'sync'], { message: 'accepted is async or sync' })
  PAYMENTS_MODE: 'async' | 'sync' = 'async';

  /** Where `sync` asks for a payment. In the shop HOST and PAYMENTS_PORT say it, unless you do. */
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'accepted is an address like http://localhost:5009' },
  )
  PAYMENTS_URL = 'http://localhost:5009';

  /** How long an answer to POST /orders waits for payments in `sync`, in seconds. The events finish what was late. */
  @IsInt()
  @Min(1)
  @Max(30)
  PAYMENTS_TIMEOUT = 5;
}
