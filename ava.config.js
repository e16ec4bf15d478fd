export default {
  files: ['dist/**/*.test.js'],
  timeout: '10m',
  workerThreads: true,
  // Tests read what commands print; colours of the terminal around them (CI, FORCE_COLOR) are not part of it.
  environmentVariables: { NO_COLOR: '1' },
};
