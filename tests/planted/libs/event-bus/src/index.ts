export { openBackbone } from './backbone';
