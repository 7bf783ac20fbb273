import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const typings = new URL('./resources/', import.meta.resolve('stripe'));

/** The fields that the client's types say are always there, read from its own declarations. */
export function promisedFields(file: string, name: string): string[] {
  const source = readFileSync(fileURLToPath(new URL(`${file}.d.ts`, typings)), 'utf8').replace(
    /\/\*\*[\s\S]*?\*\//g,
    '',
  );
  const body = new RegExp(`^export interface ${name} \\{([\\s\\S]*?)^\\}`, 'm').exec(source)?.[1];
  if (body === undefined) throw new Error(`stripe declares no ${name} in ${file}`);
  const fields = [...body.matchAll(/^ {4}(\w+): /gm)].map((match) => match[1] ?? '');
  if (fields.length < 3) throw new Error(`could not read the fields of ${name}`);
  return fields;
}
