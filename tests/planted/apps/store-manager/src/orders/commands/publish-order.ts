import { openBackbone } from '@magasin/event-bus';

export const published = openBackbone;
