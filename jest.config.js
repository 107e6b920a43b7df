// Tests run as compiled: what is tested is what ships. `npm test` builds first.
module.exports = {
  roots: ['<rootDir>/dist/tests'],
  testEnvironment: 'node',
  testMatch: ['**/*.test.js'],
  // A timeout only ends what hangs: no test says how fast this machine is (bench/ does).
  testTimeout: 300_000,
  maxWorkers: 2,
  // The Event Hubs SDK keeps a token timer for 45 minutes, which would hold the process.
  forceExit: true,
  globalSetup: '<rootDir>/dist/tests/support/run-folder.js',
  globalTeardown: '<rootDir>/dist/tests/support/remove-run-folder.js',
  reporters: ['default', '<rootDir>/dist/tests/support/closing-line.js'],
};
