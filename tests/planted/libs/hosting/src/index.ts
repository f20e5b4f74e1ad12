export { readSettings } from './settings';
