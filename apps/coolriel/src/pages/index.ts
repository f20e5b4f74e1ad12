// How the pages that coolriel shows to people look, and what a browser may do with them.
export { HtmlPage } from './html-page';
export { page } from './page';
