import type { EmailDeclaration } from './email-declaration';
import { goodbye } from './goodbye/goodbye.email';
import { welcome } from './welcome/welcome.email';

/** Every e-mail that coolriel sends. */
export const catalogue: EmailDeclaration[] = [welcome, goodbye];
