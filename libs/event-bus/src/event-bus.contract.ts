import { backlogContract } from './contract/backlog.contract';
import { crashContract } from './contract/crash.contract';
import { deliveryContract } from './contract/delivery.contract';
import { instancesContract } from './contract/instances.contract';
import { lifecycleContract } from './contract/lifecycle.contract';
import { parkingContract } from './contract/parking.contract';
import type { EventBusHarness } from './contract/scene';
import { repairContract } from './contract/repair.contract';
import { twiceContract } from './contract/twice.contract';

export type { EventBusHarness } from './contract/scene';

/** What every driver of the bus promises. There is no list of exceptions: none needs one. */
export function eventBusContract(name: string, harness: EventBusHarness): void {
  describe(`EventBus, ${name}:`, () => {
    deliveryContract(harness);
    parkingContract(harness);
    repairContract(harness);
    twiceContract(harness);
    instancesContract(harness);
    lifecycleContract(harness);
    crashContract(harness);
    backlogContract(harness);
  });
}
