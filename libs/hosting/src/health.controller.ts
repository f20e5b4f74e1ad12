import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';

class Health {
  @ApiProperty({ enum: ['ok'], example: 'ok' })
  status: 'ok';
}

@Controller('health-check')
export class HealthController {
  @Get()
  @ApiOperation({ summary: 'Ask whether the app answers' })
  @ApiOkResponse({ type: Health })
  check(): Health {
    return { status: 'ok' };
  }
}
