import { runService } from '@postern/platform';
import { webhooksService } from './webhooks.service.js';

await runService(webhooksService);
