import { IsIn, IsInt, IsUrl, Max, Min } from 'class-validator';

const IsAddress = (example: string): PropertyDecorator =>
  IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: `accepted is an address like ${example}` },
  );

export class PaymentsSettings {
  /** 0 takes any free port. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PAYMENTS_PORT = 5009;

  /** What stands before the id in the link of a payment. In the shop HOST and PAYMENTS_PORT say it, unless you do. */
  @IsAddress('http://localhost:5009/payments/process')
  PAYMENT_LINK_BASE = 'http://localhost:5009/payments/process';

  /** Whether the two apps also call each other, `sync`, or leave all of it to the events, `async`. */
  @IsIn(['async', 'sync'], { message: 'accepted is async or sync' })
  PAYMENTS_MODE: 'async' | 'sync' = 'async';

  /** Where the store is told of a payment in `sync`. In the shop HOST and STORE_MANAGER_PORT say it, unless you do. */
  @IsAddress('http://localhost:5000')
  STORE_API_URL = 'http://localhost:5000';

  /** How long an answer waits for the store in `sync`, in seconds. The events finish what was late. */
  @IsInt()
  @Min(1)
  @Max(30)
  PAYMENTS_TIMEOUT = 5;
}
