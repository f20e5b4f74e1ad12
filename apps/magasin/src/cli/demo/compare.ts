import type { Evidence } from './evidence';
import type { Ledger } from './ledger';
import { compareMoney, compareOrders } from './orders-and-money';
import { compareGoods, compareUsers } from './people-and-goods';
import { compared, type Row } from './row';
import { compareDelivery, compareLog, compareMailbox, compareReports } from './the-rest';

/** What was asked for, and what everybody says of it. */
export function compare(ledger: Ledger, evidence: Evidence, onItsWay: string | undefined): Row[] {
  const strange = [...ledger.strange, ...(onItsWay ? [onItsWay] : [])];
  return [
    ...compareUsers(ledger, evidence),
    ...compareGoods(ledger, evidence),
    ...compareOrders(ledger, evidence),
    ...compareMoney(ledger, evidence),
    ...compareReports(ledger, evidence),
    compareLog(evidence),
    compareMailbox(ledger, evidence),
    ...compareDelivery(ledger, evidence),
    ...(strange.length > 0 ? [compared('what nobody would expect', {}, strange)] : []),
  ];
}
