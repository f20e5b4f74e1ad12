import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { Problems } from '@magasin/hosting';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { catalogue } from '../emails';
import { CoolrielPage } from '../pages';
import { PreviewNotFound } from './errors';
import { type Preview, previewsOf } from './preview';
import { previewsPage } from './previews.page';

const NAME = { name: 'name', type: String, example: 'welcome' } as const;

class PreviewQuery {
  /** The name of a sample; the declaration's first one by default. */
  @ApiProperty({ example: 'client' })
  @IsOptional()
  @IsString()
  sample?: string;
}

@Controller('previews')
export class PreviewsController {
  private readonly previews = previewsOf(catalogue);

  @Get()
  @CoolrielPage()
  @ApiOperation({ summary: 'Show every e-mail with its samples, for people' })
  list(): string {
    return previewsPage(this.previews);
  }

  /** The HTML part, as its reader sees it. */
  @Get(':name')
  @ApiOperation({ summary: 'Show the HTML of an e-mail' })
  @ApiParam(NAME)
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>' } })
  @Problems(new PreviewNotFound('invoice'))
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Language', 'fr-CA')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
  html(@Param('name') name: string, @Query() { sample }: PreviewQuery): string {
    return this.find(name, sample).html;
  }

  /** The plain text part. */
  @Get(':name/text')
  @ApiOperation({ summary: 'Show the plain text of an e-mail' })
  @ApiParam(NAME)
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'Bienvenue' } })
  @Problems(new PreviewNotFound('invoice'))
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Content-Language', 'fr-CA')
  @Header('X-Content-Type-Options', 'nosniff')
  text(@Param('name') name: string, @Query() { sample }: PreviewQuery): string {
    return this.find(name, sample).text;
  }

  private find(name: string, sample?: string): Preview {
    const preview = this.previews.find((one) => one.name === name && (sample === undefined || one.sample === sample));
    if (!preview) throw new PreviewNotFound(name, sample);
    return preview;
  }
}
