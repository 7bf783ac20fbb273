import { measureIngest } from './metering/ingest.ts';
import { measureMonthClose } from './metering/month-close.ts';
import type { Row } from './row.ts';

const EVENTS = 100_000;
const CUSTOMERS = 400;
/** With 100 hours of use each, of ten events: ten million. */
const CLOSED_CUSTOMERS = 10_000;

/** Taking usage in, and adding a month of it up, each beside better-sqlite3 doing only what it must. */
export function measureMetering(): Row[] {
  const speed = measureIngest(EVENTS, CUSTOMERS);
  const close = measureMonthClose(CLOSED_CUSTOMERS);
  const per = (rate: number) => `${Math.round(rate / 1_000)}k/s`;
  const times = (ratio: number) => `${ratio.toFixed(2)}x`;
  const beside = (what: string, raw: number, target: number | null): Row => ({
    what: `usage ingest with rollup (${per(speed.ingest)}) / ${what} (${per(raw)})`,
    figure: times(speed.ingest / raw),
    target: target === null ? 'none' : `>= ${target}x`,
    met: target === null || speed.ingest / raw >= target,
  });
  const ratio = close.closeMs / close.sqlMs;
  return [
    beside('raw inserts with the key (source, id)', speed.keyed, 0.5),
    beside('raw inserts of its own rows', speed.sameTable, 0.5),
    beside('raw inserts without any key', speed.bare, null),
    {
      what: `month of ${close.customers} customers, ${close.events / 1e6}M events in ${close.rollups / 1e6}M hours (${Math.round(close.closeMs)} ms) / plain SQL`,
      figure: times(ratio),
      target: '<= 2x',
      met: ratio <= 2,
    },
    {
      what: 'memory after it, the whole bench process',
      figure: `${Math.round(close.memory / 2 ** 20)} MB`,
      target: '< 1,024 MB',
      met: close.memory < 2 ** 30,
    },
  ];
}
