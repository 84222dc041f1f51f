export { fullRun } from './config/environment.js';
export { TestBus, type PlayedFact } from './facts/bus.js';
export { deletionOf } from './factories/deletion.js';
export { inboxOf } from './factories/inbox.js';
export { summaryOf } from './factories/message.js';
export { startInfra, testPostgres, type Infra, type InfraOptions } from './infra/start-infra.js';
export { callerOf } from './service/command-context.js';
export { startService, type ServiceUnderTest, type StartOptions } from './service/start-service.js';
export { waitFor } from './wait/wait-for.js';
