// What keeps this house as it is laid out, beyond what a linter of single files can see. Each rule says why.

/** @typedef {{ path: string, lines: string[], text: string }} File */

const CODE = /\.(ts|mjs|js)$/;
const TEST = /(\.spec|\.int-spec|\.e2e-spec|\.suite|\.fake)\.ts$|\/test\/|^apps\/e2e\/|^libs\/testing\//;
const importsOf = (file) =>
  [...file.text.matchAll(/^(?:import|export|\})[^;\n]*\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2],
  );

const appOf = (path) => /^apps\/([^/]+)\//.exec(path)?.[1];
const SERVICES = ['gateway', 'messaging', 'security-scan', 'delivery', 'ingest', 'webhooks'];
const LENGTH_ALARM = 400;

/** @type {{ name: string, why: string, breaks: (file: File) => boolean | string }[]} */
export const rules = [
  {
    name: 'names say what is inside',
    why: 'A folder or file called common, shared, utils, helpers, core or misc takes in everything and tells nothing.',
    breaks: ({ path }) => /(^|\/)(common|shared|utils?|helpers?|core|misc)(\/|\.[a-z]+$)/.test(path),
  },
  {
    name: 'services do not import each other',
    why: 'They are deployed apart and talk by facts and commands; what both need is a contract.',
    breaks: (file) => {
      const app = appOf(file.path);
      if (app === undefined || app === 'e2e') return false;
      return (
        importsOf(file).find((name) =>
          SERVICES.some((other) => other !== app && name.startsWith(`@postern/${other}`)),
        ) ?? false
      );
    },
  },
  {
    name: 'the runner imports no service',
    why: 'It starts them as processes, exactly as production does; an import would make them one program.',
    breaks: (file) =>
      /^infra\/(local|aws-sandbox|bench)\//.test(file.path) &&
      (importsOf(file).find((name) => SERVICES.some((service) => name.startsWith(`@postern/${service}`))) ?? false),
  },
  {
    name: 'contracts have no I/O',
    why: 'They are what crosses a boundary, for any side of it: zod and ids, no framework, no database, no network.',
    breaks: (file) =>
      file.path.startsWith('libs/contracts/src/') &&
      !TEST.test(file.path) &&
      // node:url reads texts only: its IDNA is the one that every Node has.
      (importsOf(file).find((name) => !name.startsWith('.') && !['zod', 'typeid-js', 'node:url'].includes(name)) ??
        false),
  },
  {
    name: 'the SDK needs nothing of the server',
    why: 'It is installed by those who receive events: what it imports, they install.',
    breaks: (file) =>
      file.path.startsWith('libs/sdk/src/') &&
      !TEST.test(file.path) &&
      (importsOf(file).find((name) => !name.startsWith('.') && name !== 'node:crypto') ?? false),
  },
  {
    name: 'test code stays in tests',
    why: 'Factories and fakes that reach a production process once are there for ever.',
    breaks: (file) =>
      CODE.test(file.path) &&
      !TEST.test(file.path) &&
      (importsOf(file).find((name) => name === '@postern/testing' || /\.(fake|suite)\.js$/.test(name)) ?? false),
  },
  {
    name: 'the environment is read in one place',
    why: 'Every setting has a description, a check and a default there; elsewhere it would have none of them.',
    breaks: (file) =>
      file.path.endsWith('.ts') &&
      !/\/config\//.test(file.path) &&
      !TEST.test(file.path) &&
      /process\.env\b/.test(file.text),
  },
  {
    name: 'SQL lives in store folders',
    why: 'A newcomer finds every statement on a table in one place, next to its indexes.',
    breaks: (file) =>
      /^apps\/[^/]+\/src\//.test(file.path) &&
      !/\/store\//.test(file.path) &&
      !TEST.test(file.path) &&
      /`\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s+[a-z_(]/.test(file.text),
  },
  {
    name: 'files stay readable',
    why: `A source file over ${LENGTH_ALARM} lines holds two jobs.`,
    breaks: ({ path, lines }) => CODE.test(path) && lines.length > LENGTH_ALARM && `${lines.length} lines`,
  },
  {
    name: 'barrels only at the door of a lib',
    why: 'An index file inside a package hides where things are and makes cycles.',
    breaks: ({ path }) => /\/src\/.+\/index\.ts$/.test(path) && !/\/(migrations|checks)\/index\.ts$/.test(path),
  },
  {
    name: 'no type is given up',
    why: 'What the compiler is told to ignore, it ignores for every later change too.',
    breaks: ({ path, text }) => path.endsWith('.ts') && /@ts-(ignore|nocheck)|\bas any\b|: any[;,)=\]]/.test(text),
  },
];
