import { runService } from '@postern/platform';
import { deliveryService } from './delivery.service.js';

await runService(deliveryService);
