import type { Json } from '../types.ts';
import { extractFigures, type Figure } from './figures.ts';

/** Everything a figure in an answer may legitimately repeat. */
export interface Evidence {
  money: { value: number; currency: string | null }[];
  numbers: number[];
  dates: Set<string>;
  /** Lower case: every word of the data and of the person that carries a digit. */
  identifiers: Set<string>;
}

export interface EvidenceSources {
  /** Sentences and cells shown to the person, and the person's own words. */
  texts: readonly string[];
  /** Outputs of this turn's tools. */
  data: readonly Json[];
  tz: string;
  nowAt: number;
  /** Decimal places of a currency's minor unit. */
  exponentOf(currency: string): number;
}

const STATIC_IDENTIFIERS = /^(?:p\d{2}|q[1-4]|h[12]|[45]xx|24h|7d|30d)$/;
const EARLIEST_INSTANT = Date.UTC(2000, 0, 1);
const LATEST_INSTANT = Date.UTC(2100, 0, 1);

export function gatherEvidence(sources: EvidenceSources): Evidence {
  const evidence: Evidence = { money: [], numbers: [], dates: new Set(), identifiers: new Set() };
  for (const text of sources.texts) addText(evidence, text);
  for (const data of sources.data) addData(evidence, data, sources, '');
  addInstant(evidence, sources.nowAt, sources.tz);
  return evidence;
}

/** The figures of the text that nothing in the evidence backs at the precision shown. */
export function unmatchedFigures(text: string, evidence: Evidence): Figure[] {
  return extractFigures(text).filter((figure) => !isBacked(figure, evidence));
}

function isBacked(figure: Figure, evidence: Evidence): boolean {
  if (figure.kind === 'date') return evidence.dates.has(figure.key) || yearless(figure.key, evidence.dates);
  if (figure.kind === 'identifier') {
    return STATIC_IDENTIFIERS.test(figure.key) || evidence.identifiers.has(figure.key);
  }
  if (figure.kind === 'money') {
    return evidence.money.some(
      (money) => near(figure, money.value) && sameCurrency(figure.currency, money.currency),
    );
  }
  if (figure.kind === 'percent')
    return evidence.numbers.some((n) => near(figure, n) || near(figure, n * 100));
  return (
    evidence.numbers.some((n) => near(figure, n)) ||
    evidence.money.some((money) => near(figure, money.value)) ||
    evidence.dates.has(String(figure.value))
  );
}

/** Prose may leave the sign to the words ("down 3%"). A scaled zero ("0M") says nothing. */
function near(figure: Figure, value: number): boolean {
  const slack = figure.tolerance * (1 + 1e-9) + Number.EPSILON * Math.abs(value) * 4;
  if (figure.value === 0 && figure.tolerance > 0.5) return false;
  return Math.abs(Math.abs(figure.value) - Math.abs(value)) <= slack;
}

function sameCurrency(shown: string | null, actual: string | null): boolean {
  if (shown === null || actual === null || shown === actual) return true;
  return (
    (shown === '$' && /^(?:USD|AUD|CAD|NZD|SGD|HKD|MXN)$/.test(actual)) || (actual === '$' && shown === 'USD')
  );
}

function yearless(key: string, dates: ReadonlySet<string>): boolean {
  const day = key.slice(-6);
  if (key.startsWith('--'))
    return [...dates].some((date) => date.length >= 7 && date.endsWith(`-${key.slice(2)}`));
  return dates.has(`-${day}`) && dates.has(key.slice(0, 4));
}

function addText(evidence: Evidence, text: string): void {
  for (const figure of extractFigures(text)) {
    if (figure.kind === 'date') addDateKey(evidence, figure.key);
    else if (figure.kind === 'identifier') evidence.identifiers.add(figure.key);
    else if (figure.kind === 'money') evidence.money.push({ value: figure.value, currency: figure.currency });
    else {
      evidence.numbers.push(figure.value);
      if (figure.value >= 1900 && figure.value <= 2200) evidence.dates.add(String(figure.value));
    }
  }
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}_-]*\p{N}[\p{L}\p{N}_-]*/gu) ?? []) {
    evidence.identifiers.add(word);
  }
}

function addDateKey(evidence: Evidence, key: string): void {
  evidence.dates.add(key);
  if (/^\d{4}-/.test(key)) {
    evidence.dates.add(key.slice(0, 4));
    evidence.dates.add(key.slice(0, 7));
  }
}

function addData(evidence: Evidence, data: Json, sources: EvidenceSources, key: string): void {
  if (typeof data === 'number') {
    if (data > EARLIEST_INSTANT && data < LATEST_INSTANT && /at$/i.test(key)) {
      addInstant(evidence, data, sources.tz);
    } else if (key !== 'minor') evidence.numbers.push(data);
  } else if (typeof data === 'string') {
    addText(evidence, data);
    if (/^[-+]?\d+(?:\.\d+)?$/.test(data)) evidence.numbers.push(Number(data));
  } else if (Array.isArray(data)) {
    evidence.numbers.push(data.length);
    for (const item of data) addData(evidence, item, sources, key);
  } else if (data !== null && typeof data === 'object') {
    if (typeof data.minor === 'number' && typeof data.currency === 'string') {
      const value = data.minor / 10 ** sources.exponentOf(data.currency);
      evidence.money.push({ value, currency: data.currency });
    }
    for (const [name, value] of Object.entries(data)) addData(evidence, value, sources, name);
  }
}

function addInstant(evidence: Evidence, at: number, tz: string): void {
  for (const zone of new Set([tz, 'UTC'])) {
    const local = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
    addDateKey(evidence, local.slice(0, 10));
    evidence.dates.add(local.slice(11, 16));
  }
}
