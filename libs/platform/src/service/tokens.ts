/** Injects the service's frozen settings. */
export const CONFIG = Symbol('CONFIG');

/** Injects the process's logger. */
export const LOGGER = Symbol('LOGGER');
