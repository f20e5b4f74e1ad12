import { emailsTables } from './emails';

export { CoolrielModule } from './coolriel.module';
export { CoolrielSettings } from './settings';
export const coolrielTables = emailsTables;
