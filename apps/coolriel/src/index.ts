export { CoolrielModule } from './coolriel.module';
export { CoolrielSettings } from './settings';
