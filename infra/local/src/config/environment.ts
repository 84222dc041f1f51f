/** Environment variables by name; the runner reads its own in this file only. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process. */
export function runnerEnvironment(): Environment {
  return process.env;
}

/**
 * What every child gets: enough to find programs, certificates and a proxy, and nothing else, so that a variable
 * which happens to be set in a developer's shell cannot change how a service behaves.
 */
export function childEnvironment(environment: Environment = runnerEnvironment()): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'LANG',
    'TZ',
    'TMPDIR',
    'NODE_EXTRA_CA_CERTS',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'NO_PROXY',
  ];
  return pick(environment, (name) => names.includes(name));
}

/** Names that a person may set for all services when starting the runner; the root key is for the gateway only. */
const PASSED_ON = /^(?:(?:POSTERN(?!_ROOT_KEY$)|DELIVERY|WEBHOOKS|INGEST|SCAN|MESSAGING|GATEWAY)_|LOG_LEVEL$)/;

/** The settings of services in the runner's environment, which override what the runner chose. */
export function passedOnSettings(environment: Environment): Record<string, string> {
  return pick(environment, (name) => PASSED_ON.test(name));
}

/** The defined variables whose name the filter takes. */
export function pick(environment: Environment, takes: (name: string) => boolean): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && takes(name)) taken[name] = value;
  }
  return taken;
}
