/** "Surv(start, stop, event) ~ age + strata(sex)", read: the columns it names, by what they are for. */
export interface Formula {
  start: string | null;
  stop: string;
  event: string;
  covariates: string[];
  strata: string[];
}

const NAME = '[A-Za-z.][\\w.]*';
const WHOLE = /^\s*Surv\(([^()]*)\)\s*~(.*)$/;
const STRATA = new RegExp(`^strata\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\)$`);

/** Terms joined by "+": columns, strata(...), and 1 for none. Anything else is unsupported, and said. */
export function readFormula(text: string): Formula | { unsupported: string } {
  const [, left, right] = WHOLE.exec(text) ?? [];
  if (left === undefined || right === undefined) {
    return { unsupported: `the formula "${text}" is not Surv(...) ~ terms` };
  }
  const times = left.split(',').map((name) => name.trim());
  const [first, second, third] = times;
  if (first === undefined || second === undefined || times.length > 3 || !times.every(isName)) {
    return { unsupported: `Surv(${left}) does not name two or three columns` };
  }
  const formula: Formula =
    third === undefined
      ? { start: null, stop: first, event: second, covariates: [], strata: [] }
      : { start: first, stop: second, event: third, covariates: [], strata: [] };
  for (const term of right.split('+').map((part) => part.trim())) {
    const strata = STRATA.exec(term)?.[1];
    if (strata !== undefined) formula.strata.push(...strata.split(',').map((name) => name.trim()));
    else if (isName(term)) formula.covariates.push(term);
    else if (term !== '1') return { unsupported: `the term "${term}" is not one this product reads` };
  }
  return formula;
}

function isName(text: string): boolean {
  return new RegExp(`^${NAME}$`).test(text);
}

export function columnsOf({ start, stop, event, covariates, strata }: Formula): string[] {
  return [...(start === null ? [] : [start]), stop, event, ...covariates, ...strata];
}
