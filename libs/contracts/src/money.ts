import { buildMessage, isString, ValidateBy } from 'class-validator';

/** An amount as text with two decimals, `1999.99`: exact, in every language that reads it. */
export const IsAmount = (): PropertyDecorator =>
  ValidateBy({
    name: 'isAmount',
    validator: {
      validate: (value) => isString(value) && /^(0|[1-9]\d{0,9})\.\d\d$/.test(value),
      defaultMessage: buildMessage((each) => `${each}$property must be an amount like 1999.99`),
    },
  });

/**
 * The cents of an amount, `1999.9` or `'1999.90'`; undefined when it is none or has more than two decimals. Exact: its
 * digits are read, nothing is multiplied. (A number's digits are those that JSON has.)
 */
export function toCents(amount: number | string): number | undefined {
  const [, whole, decimals = ''] = /^(0|[1-9]\d{0,9})(?:\.(\d\d?))?$/.exec(String(amount)) ?? [];
  return whole === undefined ? undefined : Number(whole + decimals.padEnd(2, '0'));
}

/** The amount of so many cents as text: `1999.99`. */
export function toAmount(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
