import { SettingsModule } from '@magasin/hosting';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCreated, UserDeleted } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { MetricsModule } from '@magasin/operations';
import { MailerModule } from '../mailer';
import { CoolrielSettings } from '../settings';
import { catalogue } from './catalogue';
import { Email } from './email';
import { EmailsModule } from './index';
import { welcome } from './welcome/welcome.email';

const grace = { id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };

describe('EmailsConsumer', () => {
  let output: string;
  let scenario: Scenario;
  const open = async (): Promise<void> => {
    output = mkdtempSync(join(tmpdir(), 'mails-'));
    const settings = Object.assign(new CoolrielSettings(), { OUTPUT_FOLDER: output });
    scenario = await Scenario.open({
      imports: [SettingsModule.of(CoolrielSettings, settings), MetricsModule, MailerModule, EmailsModule],
    });
  };
  beforeEach(open);
  afterEach(async () => {
    await scenario.end();
    rmSync(output, { recursive: true });
  });

  it('makes one e-mail of an event, to whom it tells of', async () => {
    await scenario
      .when(UserCreated.of(grace))
      .thenRows(Email, [{ template: 'welcome', recipient: 'grace@example.com' }]);
  });

  it('makes the e-mails of one stream in its order', async () => {
    await scenario
      .given(UserCreated.of(grace))
      .when(UserDeleted.of(grace))
      .thenRows(Email, [{ template: 'welcome' }, { template: 'goodbye', subject: 'Au revoir, Grace Hopper' }]);
  });

  it('makes each of the e-mails that are declared on one event', async () => {
    catalogue.push({ ...welcome, name: 'new-colleague', to: () => 'dboss@magasinducoin.ca' });
    try {
      await scenario.end();
      await open();
      await scenario.when(UserCreated.of(grace)).thenRows(Email, [
        { template: 'welcome', recipient: 'grace@example.com' },
        { template: 'new-colleague', recipient: 'dboss@magasinducoin.ca' },
      ]);
    } finally {
      catalogue.pop();
    }
  });
});
