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
