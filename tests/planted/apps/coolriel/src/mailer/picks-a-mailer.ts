import { FolderMailer } from './folder.mailer';

export const picked = FolderMailer;
