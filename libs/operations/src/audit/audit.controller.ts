import { AuditEntry } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { NextLink, type Page, PageQuery, toPage } from '@magasin/hosting';
import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { LessThan } from 'typeorm';

export interface AuditView extends Omit<AuditEntry, 'at' | 'detail'> {
  at: string;
  detail: unknown;
}

/** Who did what, and why. */
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly log: EventLog) {}

  /** The newest first. */
  @Get()
  @UseInterceptors(NextLink)
  async list(@Query() { limit, place }: PageQuery): Promise<Page<AuditView>> {
    const found = await this.log.reading.manager.find(AuditEntry, {
      where: place === undefined ? {} : { id: LessThan(place) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = found.slice(0, limit).map((entry) => ({
      ...entry,
      at: new Date(entry.at).toISOString(),
      detail: entry.detail === null ? null : (JSON.parse(entry.detail) as unknown),
    }));
    return toPage(items, found.length > limit ? items[limit - 1].id : undefined);
  }
}
