import { EOPNOTSUPP } from '../../../model/contract/index.js';
import { fail, type Operation } from './operation.js';

export const dread: Operation = (_call, _fs, _context, answer) => {
  return fail(answer, EOPNOTSUPP);
};

export const dwrite: Operation = dread;
