import { FolderMailer } from './folder.mailer';
import { MemoryEventBus } from '../../../../libs/event-bus/src/drivers/memory.event-bus';

export const mailer = FolderMailer;
export const mislaid = MemoryEventBus;
