import { runService } from '@postern/platform';
import { securityScanService } from './security-scan.service.js';

await runService(securityScanService);
