import { runService } from '@postern/platform';
import { ingestService } from './ingest.service.js';

await runService(ingestService);
