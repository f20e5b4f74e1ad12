import { type DynamicModule, Module, type Type } from '@nestjs/common';

/** Makes the settings of an app available to each of its modules, under their class. */
@Module({})
export class SettingsModule {
  static of<T extends object>(settingsClass: Type<T>, settings: T): DynamicModule {
    const providers = [{ provide: settingsClass, useValue: settings }];
    return { module: SettingsModule, global: true, providers, exports: providers };
  }
}
