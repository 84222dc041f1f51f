export { startSandbox } from './sandbox.js';
export type { Sandbox } from './sandbox.js';
export type { SandboxOptions } from './options.js';
