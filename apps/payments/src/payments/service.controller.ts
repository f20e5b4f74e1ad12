import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';

class Service {
  @ApiProperty({ example: 'payments' })
  service: string;

  @ApiProperty({ enum: ['running'], example: 'running' })
  status: 'running';
}

@Controller()
export class ServiceController {
  @Get()
  @ApiOperation({ summary: 'Ask what answers here' })
  @ApiOkResponse({ type: Service })
  tell(): Service {
    return { service: 'payments', status: 'running' };
  }
}
