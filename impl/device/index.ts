/** The asynchronous in-memory block device (crash.md section 1). */
export { MemoryDevice } from './memory-device.js';
export { WaitedBio } from './waited-bio.js';
