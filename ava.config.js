export default {
  files: ['dist/**/*.test.js'],
  timeout: '10m',
  workerThreads: true,
};
