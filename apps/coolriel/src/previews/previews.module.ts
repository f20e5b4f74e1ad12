import { Module } from '@nestjs/common';
import { PreviewsController } from './previews.controller';

/** Every e-mail of the catalogue, as it would go out. */
@Module({ controllers: [PreviewsController] })
export class PreviewsModule {}
