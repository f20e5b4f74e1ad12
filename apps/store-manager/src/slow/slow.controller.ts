import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInput } from '@magasin/hosting';
import { Controller, Get, Injectable, type OnModuleDestroy, Param, type PipeTransform } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty } from '@nestjs/swagger';

const LONGEST = 30;
const SECONDS = /^(0|[1-9]\d?)(\.\d{1,3})?$/;

class Slept {
  @ApiProperty({ example: 2.5, description: 'In seconds. Less than was asked for when the app has been stopped.' })
  slept: number;
}

@Injectable()
class ParseSeconds implements PipeTransform<string, number> {
  transform(text: string): number {
    if (SECONDS.test(text) && Number(text) <= LONGEST) return Number(text);
    const detail = `${JSON.stringify(text)} is not a number of seconds from 0 to ${LONGEST}, with at most 3 decimals.`;
    throw new InvalidInput([{ detail, pointer: '#/seconds' }]);
  }
}

/** To try what stands before the app: the time-out of a gateway, a stop while somebody waits. */
@Controller('test/slow')
export class SlowController implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  @Get(':seconds')
  @ApiOperation({ summary: 'Answer after so many seconds' })
  @ApiParam({ name: 'seconds', schema: { type: 'string', pattern: SECONDS.source, example: '2.5' } })
  @ApiOkResponse({ type: Slept })
  async sleep(@Param('seconds', ParseSeconds) seconds: number): Promise<Slept> {
    const began = performance.now();
    const whole = await delay(seconds * 1_000, true, { signal: this.stopping.signal }).catch(() => false);
    return { slept: whole ? seconds : Math.round(performance.now() - began) / 1_000 };
  }

  /** Whoever still waits is answered now: a stop waits for what is in flight. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
