import { openBackbone } from '@magasin/event-bus';

export const consumed = openBackbone;
