import { runService } from '@postern/platform';
import { gatewayService } from './gateway.service.js';

await runService(gatewayService);
