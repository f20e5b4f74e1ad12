import { ApiProperty } from '@nestjs/swagger';

export class EmailDecided {
  @ApiProperty({ enum: ['queued', 'sent'], example: 'queued' })
  state: 'queued' | 'sent';
}

export class EmailCopied {
  @ApiProperty({ type: 'integer', example: 9 })
  email_id: number;
}

export class GroupQueued {
  @ApiProperty({ type: 'integer', example: 12 })
  queued: number;
}
