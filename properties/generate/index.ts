/** Generators: random streams, swarm weights, and programs decoded from integers. */
export * from './decoders.js';
export * from './program.js';
export * from './random.js';
export * from './swarm.js';
