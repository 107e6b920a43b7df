// Tests run as compiled: what is tested is what ships. `npm test` builds first.
module.exports = {
  roots: ['<rootDir>/dist/tests'],
  testEnvironment: 'node',
  testMatch: ['**/*.test.js'],
  testTimeout: 60_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/dist/tests/support/closing-line.js'],
};
