// A replica of security-scan in a process of its own, whose checks fail or die on some mail.
import { runService } from '@postern/platform';
import { MailReader } from '../../src/content/mail-reader.js';
import { SecurityScanModule } from '../../src/security-scan.module.js';
import { securityScanService } from '../../src/security-scan.service.js';
import { PoisonedReader } from './poisoned-reader.js';

await runService({
  ...securityScanService,
  module: (config) => {
    const module = SecurityScanModule.forRoot(config);
    const providers = (module.providers ?? []).map((provider) =>
      provider === MailReader ? { provide: MailReader, useClass: PoisonedReader } : provider,
    );
    return { ...module, providers };
  },
});
