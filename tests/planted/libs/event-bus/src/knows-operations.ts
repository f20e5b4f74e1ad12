import * as operations from '@magasin/operations';

export const known = operations;
