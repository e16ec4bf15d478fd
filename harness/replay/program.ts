/**
 * The program of a trace on a target, to the end of what it began, and nothing else: what shrinking runs thousands of times.
 */
import { type Finding, makeCall, type TargetFactory } from '../../model/contract/index.js';
import type { Trace } from '../../traces/format/index.js';
import { ScriptedAdversary } from '../adversaries/scripted.js';
import type { CrashPoint } from '../crash/crasher.js';
import { scriptOf } from './script.js';
import { UNRECORDED } from './session.js';
import { TargetSession } from './target-session.js';
import type { Tools } from './tools.js';
import { Walk } from './walk.js';

/** What the program shows, or null. */
export function runProgram(trace: Trace, factory: TargetFactory, tools: Tools): Finding | null {
  return run(trace, factory, tools).finding;
}

/** The crash after which the trace shows something forbidden, with the state it left; null if it is no crash that does. */
export function forbiddenCrash(trace: Trace, factory: TargetFactory, tools: Tools): CrashPoint | null {
  return run(trace, factory, tools).forbidden;
}

function run(trace: Trace, factory: TargetFactory, tools: Tools): TargetSession {
  const script = scriptOf(trace);
  const adversary = new ScriptedAdversary(script.deviations);
  const session = new TargetSession(factory.name, factory, trace.header, adversary, tools, script);
  const walk = new Walk(session, null);
  // What was injected may still wait for its turn, and show something then.
  if (walk.program(trace)) session.perform(makeCall(walk.nextId(), 'complete', 0), UNRECORDED);
  return session;
}
