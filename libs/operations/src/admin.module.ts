import { type DynamicModule, Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller';
import { ConsumersController } from './consumers/consumers.controller';
import { Replays } from './consumers/replays';
import { EDITING, ParkedRepair } from './parked/parked-repair';
import { ParkedStreams } from './parked/parked-streams';
import { ParkedController } from './parked/parked.controller';

export interface AdminOptions {
  /** Whether parked events may be edited. Default: no. */
  editing?: boolean;
}

/** Repair for people: what is parked, who consumes, what was done. Needs EventBackboneModule. */
@Module({})
export class AdminModule {
  static with({ editing = false }: AdminOptions): DynamicModule {
    return {
      module: AdminModule,
      controllers: [ParkedController, ConsumersController, AuditController],
      providers: [ParkedStreams, ParkedRepair, Replays, { provide: EDITING, useValue: editing }],
    };
  }
}
