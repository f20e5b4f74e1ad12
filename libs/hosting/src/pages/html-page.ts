import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Look } from './look';

/** The answer of a route is a page of this look. A browser runs no script and no style in it but those of the look. */
export const HtmlPage = (look: Look): MethodDecorator =>
  applyDecorators(
    ApiProduces('text/html'),
    ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>' } }),
    Header('Content-Type', 'text/html; charset=utf-8'),
    Header('Content-Language', look.language),
    Header('Content-Security-Policy', policyOf(look)),
    Header('Referrer-Policy', 'no-referrer'),
  );

// Nothing from elsewhere, nothing that is not known beforehand: what a name smuggles in does nothing.
const policyOf = ({ style, script, policy }: Look): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    'img-src data:',
    ...policy,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
