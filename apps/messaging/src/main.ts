import { runService } from '@postern/platform';
import { messagingService } from './messaging.service.js';

await runService(messagingService);
