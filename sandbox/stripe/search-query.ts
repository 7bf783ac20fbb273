import { invalidRequest } from './errors.ts';
import { isObject, type StripeObject } from './json.ts';

const CLAUSE = /^(-?)(metadata\[(['"])([^'"]+)\3\]|[a-z_]+)(:|~)(['"])(.*)\6$/;

/**
 * The part of Stripe's search language that is served: `email:"x"`, `name~"x"`, `metadata["k"]:"v"`, joined by AND.
 * Throws StripeFault for anything else.
 */
export function searchQuery(query: string): (object: StripeObject) => boolean {
  const clauses = query.split(/\s+AND\s+/i).map((part) => {
    const match = CLAUSE.exec(part.trim());
    if (!match)
      throw invalidRequest(`We were unable to parse your search query: ${query}`, { param: 'query' });
    const [, negated, field = '', , key, operator, , wanted = ''] = match;
    return { negated: negated === '-', field, key, contains: operator === '~', wanted: wanted.toLowerCase() };
  });
  return (object) =>
    clauses.every((clause) => {
      const metadata = isObject(object.metadata) ? object.metadata : {};
      const raw = clause.key === undefined ? object[clause.field] : metadata[clause.key];
      const value = typeof raw === 'string' || typeof raw === 'number' ? String(raw).toLowerCase() : null;
      const hit =
        value !== null && (clause.contains ? value.includes(clause.wanted) : value === clause.wanted);
      return hit !== clause.negated;
    });
}
