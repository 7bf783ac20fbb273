type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** Where a body differs from what an OpenAPI document says of a path's answer; the part of JSON Schema it uses. */
export function describes(document: unknown, path: string, status: number, body: unknown): string[] {
  const schema = at(document, [
    'paths',
    path,
    'get',
    'responses',
    String(status),
    'content',
    'application/json',
    'schema',
  ]);
  return differences(document, schema, body, 'body');
}

function differences(document: unknown, schema: unknown, value: unknown, where: string): string[] {
  if (!isObject(schema)) return [`${where}: nothing is said of it`];
  if (typeof schema.$ref === 'string') {
    return differences(document, at(document, schema.$ref.slice(2).split('/')), value, where);
  }
  const types = [schema.type].flat();
  if (!types.includes(typeOf(value)) && !(types.includes('number') && typeof value === 'number')) {
    return [`${where}: ${typeOf(value)} instead of ${types.join(' or ')}`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => differences(document, schema.items, item, `${where}[${index}]`));
  }
  if (isObject(value)) return inObject(document, schema, value, where);
  return typeof value === 'string' || typeof value === 'number' ? inValue(schema, value, where) : [];
}

function inObject(document: unknown, schema: Json, value: Json, where: string): string[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const missing = required
    .filter((name) => !(String(name) in value))
    .map((name) => `${where}.${name}: missing`);
  const found = Object.entries(value).flatMap(([name, inner]) =>
    differences(document, properties[name], inner, `${where}.${name}`),
  );
  return [...missing, ...found];
}

function inValue(schema: Json, value: string | number, where: string): string[] {
  const wrong: string[] = [];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) wrong.push(`${where}: not in the enum`);
  if (typeof schema.minimum === 'number' && Number(value) < schema.minimum) wrong.push(`${where}: too small`);
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test(String(value)))
    wrong.push(`${where}: pattern`);
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  if (schema.format === 'date-time' && !instant.test(String(value))) wrong.push(`${where}: no instant`);
  if (schema.format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(value))) wrong.push(`${where}: no day`);
  return wrong;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
