import { AuditEntry } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { type Page, Paged, PageQuery, toPage } from '@magasin/hosting';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { LessThan } from 'typeorm';

export class AuditView implements Omit<AuditEntry, 'at' | 'detail'> {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.491Z' })
  at: string;

  @ApiProperty({ example: 'Jane Doe' })
  who: string;

  @ApiProperty({ example: 'The customer called.' })
  why: string;

  @ApiProperty({ example: 'skip-event' })
  action: string;

  @ApiProperty({ example: 'coolriel user-6', description: 'What it was done to.' })
  subject: string;

  @ApiProperty({ type: String, nullable: true, example: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a' })
  source: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 7, description: 'Of the event that it concerns.' })
  position: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'coolriel' })
  consumer: string | null;

  @ApiProperty({ description: 'What was there before, what is there now.', nullable: true, example: null })
  detail: unknown;
}

/** Who did what, and why. */
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly log: EventLog) {}

  @Get()
  @ApiOperation({ summary: 'List what people did, the newest first' })
  @Paged(AuditView)
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
