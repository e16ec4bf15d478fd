/** Holds a parsed line against a definition of the schema and says in one sentence what is wrong with it. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { shown, TraceError } from './errors.js';
import { DEFINITIONS } from './schema.js';

const ajv = new Ajv({ verbose: true, allowUnionTypes: true, strictTuples: false, strictTypes: false });
const compiled = new Map<string, ValidateFunction>();

function validator(definition: string): ValidateFunction | null {
  const known = compiled.get(definition);
  if (known !== undefined) return known;
  const schema = DEFINITIONS[definition];
  if (schema === undefined) return null;
  const made = ajv.compile(schema);
  compiled.set(definition, made);
  return made;
}

/** True if there is such a definition. */
export function isDefined(definition: string): boolean {
  return definition in DEFINITIONS;
}

/** Throws a `TraceError` unless `value` fits the definition. */
export function validate(definition: string, value: unknown, file: string, line: number): void {
  const check = validator(definition);
  if (check === null) throw new TraceError(file, line, `a known kind of line`, definition);
  if (check(value)) return;
  // Of nested alternatives the last error is the one of the whole, which has the description.
  const error = check.errors?.at(-1);
  if (error === undefined) throw new TraceError(file, line, 'a line of the schema', shown(value));
  const { expected, got } = sentence(error, definition.replace(/^.*:/, ''));
  throw new TraceError(file, line, expected, got);
}

function sentence(error: ErrorObject, subject: string): { expected: string; got: string } {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const params = error.params as Readonly<Record<string, unknown>>;
  const schema = error.parentSchema as Readonly<Record<string, unknown>>;
  const where = path === '' ? subject : path;
  if (error.keyword === 'required')
    return { expected: `${where} to have a field "${params['missingProperty']}"`, got: shown(error.data) };
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys((schema['properties'] ?? {}) as object).join(', ');
    return { expected: `${where} to have only the fields ${known}`, got: `"${params['additionalProperty']}"` };
  }
  const description = schema['description'];
  return { expected: `${where} to be ${description ?? error.message}`, got: shown(error.data) };
}
