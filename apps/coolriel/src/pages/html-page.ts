import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { style } from './style';

// No script, nothing from elsewhere, no style but ours: what a name smuggles in does nothing.
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The answer of a route is a page. */
export const HtmlPage = (): MethodDecorator =>
  applyDecorators(
    ApiProduces('text/html'),
    ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>' } }),
    Header('Content-Type', 'text/html; charset=utf-8'),
    Header('Content-Language', 'en'),
    Header('Content-Security-Policy', POLICY),
    Header('Referrer-Policy', 'no-referrer'),
  );
