import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { buildMessage, isEmail, isString, ValidateBy, ValidateIf, type ValidationError } from 'class-validator';
import { type FieldError, InvalidInput } from './problem';

/** Checks what comes in against the class of the parameter, and names every field that is wrong. */
@Injectable()
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => fieldErrors(error, '#'))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A single parameter has a pipe of its own; this one would make a number of `1e3` before that one sees it.
    if (metadata.type === 'param') return value;
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new InvalidInput([{ detail: 'The body must be a JSON object.', pointer: '#' }]);
    }
    return super.transform(value, metadata);
  }
}

function fieldErrors({ property, constraints, children }: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.values(constraints ?? {}).map((detail) => ({ detail, pointer }));
  // What is wrong as a whole is not told part by part.
  return own.length > 0 ? own : (children ?? []).flatMap((child) => fieldErrors(child, pointer));
}

/** The id that a text is: decimal digits only (no `1e3`, no `0x10`), within what a JSON number carries exactly. */
export const toId = (text: string): number | undefined =>
  /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;

/** An id in a path. */
@Injectable()
export class ParseId implements PipeTransform<string, number> {
  transform(text: string, { data = 'id' }: Partial<ArgumentMetadata> = {}): number {
    const id = toId(text);
    if (id !== undefined) return id;
    const detail = `${JSON.stringify(text)} is not an id: an id is a whole number.`;
    throw new InvalidInput([{ detail, pointer: `#/${data}` }]);
  }
}

/** A field of a body that may be left out. Unlike class-validator's IsOptional it lets no null through: that is a value. */
export const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

/** An id in a body: a number, not its text. A larger one would be rounded, and the table would not take it. */
export const IsId = (): PropertyDecorator =>
  ValidateBy({
    name: 'isId',
    validator: {
      validate: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
      defaultMessage: buildMessage((each) => `${each}$property must be an id: a whole number, at least 1`),
    },
  });

// Control characters, line and paragraph separators: in a header, a file name or a log line they do harm.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
// Blanks, zero-width characters and lone marks alone are a name that nobody sees.
const VISIBLE = /[^\p{Z}\p{Cf}\p{M}]/u;

/** One line of text that shows something, of at most so many characters. */
export const IsLine = (longest: number): PropertyDecorator =>
  ValidateBy({
    name: 'isLine',
    constraints: [longest],
    validator: {
      validate: (value) =>
        isString(value) &&
        value.isWellFormed() &&
        VISIBLE.test(value) &&
        !CONTROL.test(value) &&
        Array.from(value).length <= longest,
      defaultMessage: buildMessage(
        (each) => `${each}$property must be one line of text with 1 to ${longest} characters and no control characters`,
      ),
    },
  });

/**
 * An e-mail address that can stand in a header as it is: its part before the @ is not in quotation marks, where line
 * breaks and angle brackets would be allowed and mail programs would read another recipient.
 */
export const IsMailAddress = (longest: number): PropertyDecorator =>
  ValidateBy({
    name: 'isMailAddress',
    constraints: [longest],
    validator: {
      // isEmail throws for text that is not well formed.
      validate: (value) =>
        isString(value) &&
        value.isWellFormed() &&
        value.length <= longest &&
        isEmail(value, { blacklisted_chars: '"' }),
      defaultMessage: buildMessage(
        (each) => `${each}$property must be an e-mail address of at most ${longest} characters`,
      ),
    },
  });
