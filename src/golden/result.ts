import type { Json } from '../domain/types.ts';

/** What became of one case. */
export type CaseResult =
  | { id: string; status: 'pass' }
  | { id: string; status: 'fail'; got: Json; expected: Json }
  | { id: string; status: 'unsupported'; reason: string }
  /** What is measured rather than right or wrong: ours beside the reference's. */
  | { id: string; status: 'scored'; got: Json; expected: Json };

export interface GoldenReport {
  kind: string;
  cases: CaseResult[];
  totals: { passed: number; failed: number; unsupported: number };
}

export function reportOf(kind: string, cases: CaseResult[]): GoldenReport {
  const count = (status: CaseResult['status']) => cases.filter((result) => result.status === status).length;
  return {
    kind,
    cases,
    totals: { passed: count('pass'), failed: count('fail'), unsupported: count('unsupported') },
  };
}

/** One line a case, the totals last. */
export function printReport(report: GoldenReport): string {
  const { passed, failed, unsupported } = report.totals;
  const lines = report.cases.map(printCase);
  return [...lines, `${passed} passed, ${failed} failed, ${unsupported} unsupported`].join('\n');
}

function printCase(result: CaseResult): string {
  switch (result.status) {
    case 'pass':
      return `pass ${result.id}`;
    case 'fail':
      return `fail ${result.id} got=${JSON.stringify(result.got)} expected=${JSON.stringify(result.expected)}`;
    case 'unsupported':
      return `unsupported ${result.id} ${result.reason}`;
    case 'scored':
      return `scored ${result.id} got=${JSON.stringify(result.got)} reference=${JSON.stringify(result.expected)}`;
  }
}
