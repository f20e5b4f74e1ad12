import { EventLog } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IN_DOUBT, type InDoubt } from './email';

/** E-mails in doubt that ended with the same error. */
export class DoubtGroup {
  @ApiProperty({ enum: IN_DOUBT, example: 'unknown' })
  state: InDoubt;

  @ApiProperty({ type: String, nullable: true, example: 'The connection broke.' })
  error: string | null;

  @ApiProperty({ type: 'integer', example: 1 })
  count: number;

  @ApiProperty({ type: 'integer', example: 7 })
  first_id: number;

  @ApiProperty({ type: 'integer', example: 7, description: 'Give it as `until` to send this group again.' })
  last_id: number;
}

export class DoubtGroups {
  @ApiProperty({ type: [DoubtGroup] })
  items: DoubtGroup[];
}

/** So many of a state are looked at, so that the answer does not slow down with what nobody has decided. */
const NEWEST = 10_000;

/** What waits for a person, grouped by state and error. */
@Injectable()
export class EmailDoubts {
  constructor(private readonly log: EventLog) {}

  async groups(state?: InDoubt): Promise<DoubtGroup[]> {
    const groups: DoubtGroup[] = [];
    for (const one of state ? [state] : IN_DOUBT) {
      const found = await this.log.reading.query<DoubtGroup[]>(
        `SELECT state, error, count(*) AS count, min(id) AS first_id, max(id) AS last_id
         FROM (SELECT id, state, error FROM email WHERE state = ? ORDER BY id DESC LIMIT ?) AS newest
         GROUP BY state, error ORDER BY count(*) DESC, min(id)`,
        [one, NEWEST],
      );
      groups.push(...found);
    }
    return groups;
  }
}
