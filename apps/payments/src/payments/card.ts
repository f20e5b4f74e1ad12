import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isNumber, isString, ValidateBy } from 'class-validator';

/**
 * Digits as text or as a JSON number. A number beyond 2^53 has been rounded when it comes here, so only its length counts:
 * nineteen nines are 1e19. What is wrong is told without the value.
 */
const IsDigits = (least: number, most: number, example: number): PropertyDecorator =>
  applyDecorators(
    ValidateBy({
      name: 'isDigits',
      validator: {
        validate: (value) =>
          isString(value)
            ? /^\d+$/.test(value) && value.length >= least && value.length <= most
            : isNumber(value) && Number.isInteger(value) && value >= 10 ** (least - 1) && value <= lastNumber(most),
        defaultMessage: () => `$property must be ${least} to ${most} digits, as text or as a number`,
      },
    }),
    ApiProperty({
      example,
      oneOf: [
        { type: 'string', pattern: String.raw`^\d{${least},${most}}$` },
        { type: 'integer', minimum: 10 ** (least - 1), maximum: lastNumber(most) },
      ],
    }),
  );

const lastNumber = (digits: number): number => 10 ** digits - 1;

/** A day as 2030-01-05 or a month as 2030-01: one that there is, and still to come. A month counts until its end. UTC. */
const IsExpiration = (): PropertyDecorator =>
  applyDecorators(
    ValidateBy({
      name: 'isExpiration',
      validator: {
        validate: (value) => isString(value) && isToCome(value),
        defaultMessage: () => '$property must be a day to come, as 2030-01-05, or a month that is not over, as 2030-01',
      },
    }),
    ApiProperty({ type: 'string', pattern: String.raw`^\d{4}-\d\d(-\d\d)?$`, example: '2030-01-05' }),
  );

function isToCome(text: string): boolean {
  if (!/^\d{4}-\d\d(-\d\d)?$/.test(text)) return false;
  const date = new Date(text);
  // The 30th of February is read as a day of March.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) return false;
  const today = new Date().toISOString().slice(0, text.length);
  return text.length === 'YYYY-MM'.length ? text >= today : text > today;
}

/** What is asked of whoever pays. It is read here and goes nowhere: no table, no event, no log line, no error has it. */
export class Card {
  @IsDigits(12, 19, 9_999_999_999_999)
  cardNumber: number | string;

  /** As text when it begins with 0. */
  @IsDigits(3, 4, 123)
  cardCode: number | string;

  @IsExpiration()
  expirationDate: string;
}
