/** Every command, in the order in which `--help` lists them. Adding a command is one file beside this one and one line here. */
import type { CliCommand } from '../command.js';
import { bugs } from './bugs.js';
import { explore } from './explore.js';
import { exportTrace } from './export.js';
import { importTrace } from './import.js';
import { merge } from './merge.js';
import { replay } from './replay.js';
import { rules } from './rules.js';
import { run } from './run.js';
import { shrink } from './shrink.js';
import { validate } from './validate.js';

export const commands: readonly CliCommand[] = [
  run,
  merge,
  explore,
  replay,
  shrink,
  bugs,
  validate,
  rules,
  importTrace,
  exportTrace,
];
