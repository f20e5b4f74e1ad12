import { type DynamicModule, Module } from '@nestjs/common';
import type { CoolrielSettings } from '../settings';
import { FolderMailer } from './folder.mailer';
import { Mailer } from './mailer';

/** Where the mailer is chosen: the only place that names one. */
@Module({})
export class MailerModule {
  static with({ OUTPUT_FOLDER }: CoolrielSettings): DynamicModule {
    const mailer = { provide: Mailer, useFactory: () => new FolderMailer(OUTPUT_FOLDER) };
    return { module: MailerModule, global: true, providers: [mailer], exports: [mailer] };
  }
}
