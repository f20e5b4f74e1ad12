import { toCents } from '@magasin/contracts';
import { buildMessage, isNumber, isString, ValidateBy } from 'class-validator';

/** 99,999,999.99 */
const DEAREST_CENTS = 9_999_999_999;
/** What 32 bits hold, in every database and in every client. */
export const LARGEST_QUANTITY = 2_147_483_647;

/** What something costs: more than nothing, to the cent, as a number or as its decimal text. */
export const IsPrice = (): PropertyDecorator =>
  ValidateBy({
    name: 'isPrice',
    validator: {
      validate: (value) => {
        const cents = isNumber(value) || isString(value) ? (toCents(value) ?? 0) : 0;
        return cents > 0 && cents <= DEAREST_CENTS;
      },
      defaultMessage: buildMessage(
        (each) =>
          `${each}$property must be a number or a decimal text above 0, with at most 2 decimals, at most 99999999.99`,
      ),
    },
  });

/** A count of things: a number, not its text. */
export const IsQuantity = (least: 0 | 1): PropertyDecorator =>
  ValidateBy({
    name: 'isQuantity',
    constraints: [least],
    validator: {
      validate: (value) =>
        Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST_QUANTITY,
      defaultMessage: buildMessage(
        (each) => `${each}$property must be a whole number from ${least} to ${LARGEST_QUANTITY}`,
      ),
    },
  });
