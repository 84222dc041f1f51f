// One Jest for the whole repository: three sizes of test, told apart by their file names.
//   *.spec.ts      unit: no database, no network
//   *.int-spec.ts  integration: real PostgreSQL and NATS, started by the harness of libs/testing
//   *.e2e-spec.ts  end to end: the runner's whole stack, through public HTTP and SMTP only
const size = (displayName, suffix, more = {}) => ({
  displayName,
  testMatch: [`<rootDir>/{apps,libs,infra}/**/*.${suffix}.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.postern'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    // Libraries are tested from their sources, so a test never sees a stale build.
    '^@postern/(contracts|eventing|mail-html|platform|sdk|testing)$': '<rootDir>/libs/$1/src/index.ts',
    '^@postern/(aws-sandbox|local)$': '<rootDir>/infra/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  ...more,
});

export default {
  testSequencer: '<rootDir>/infra/house/longest-first.mjs',
  projects: [
    size('unit', 'spec', { setupFilesAfterEnv: ['<rootDir>/libs/testing/jest/patience.mjs'] }),
    size('integration', 'int-spec', {
      globalSetup: '<rootDir>/libs/testing/jest/postgres-for-the-run.mjs',
      globalTeardown: '<rootDir>/libs/testing/jest/stop-postgres.mjs',
      setupFilesAfterEnv: ['<rootDir>/libs/testing/jest/patience.mjs'],
    }),
    size('e2e', 'e2e-spec', {
      globalSetup: '<rootDir>/apps/e2e/jest/start.mjs',
      globalTeardown: '<rootDir>/apps/e2e/jest/stop.mjs',
      setupFilesAfterEnv: ['<rootDir>/apps/e2e/jest/patience.mjs'],
    }),
  ],
};
