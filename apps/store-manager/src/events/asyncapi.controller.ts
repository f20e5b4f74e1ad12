import { type AsyncApi, asyncApi } from '@magasin/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';

@Controller('asyncapi')
export class AsyncApiController {
  private readonly document = asyncApi();

  /** Of the whole shop: the contracts are shared, so also what payments publishes is known here. */
  @Get()
  @ApiOperation({ summary: 'Describe the events of the shop in an AsyncAPI 3 document' })
  @ApiOkResponse({
    description: 'The document. It is also in docs/asyncapi.json.',
    schema: { type: 'object', additionalProperties: true, required: ['asyncapi', 'channels'] },
  })
  read(): AsyncApi {
    return this.document;
  }
}
