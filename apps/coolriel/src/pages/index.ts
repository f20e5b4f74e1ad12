// How the pages that coolriel shows to people look, and what a browser may do with them.
export { CoolrielPage, page } from './page';
