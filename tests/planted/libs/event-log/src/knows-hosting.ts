import { readSettings } from '@magasin/hosting';

export const known = readSettings;
