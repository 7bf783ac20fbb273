import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rough seconds a file of a place takes; the first prefix that fits counts. Only the order matters. */
const ROUGHLY: readonly (readonly [place: string, seconds: number])[] = [
  ['tests/integration/briefing', 90],
  ['tests/integration/approve', 80],
  ['tests/integration/alerts', 50],
  ['tests/browser/', 45],
  ['tests/integration/injections', 40],
  ['tests/integration/reports', 35],
  ['tests/integration/', 25],
  ['tests/sandbox/core/supervisor', 60],
  ['tests/safety/', 25],
  ['tests/slack/two-connections', 20],
  ['tests/store/quality', 15],
  ['tests/sandbox/', 10],
  ['tests/skills/', 8],
  ['tests/schedules/', 8],
  ['tests/connectors/', 6],
  ['tests/domain/', 1],
];
const OTHERWISE = 4;

const roughly = (path: string): number => ROUGHLY.find(([place]) => path.startsWith(place))?.[1] ?? OTHERWISE;

/**
 * The longest files first, so that at the end no worker is left alone with a long one; among equals the larger file.
 * Those that drive the running whole come before all others, since a worker keeps its workspace only from one of them
 * to the next.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weighed = files.map((file) => {
      const path = relative(this.ctx.config.root, file.moduleId).replaceAll('\\', '/');
      const whole = file.project.name === 'whole' ? 1 : 0;
      return { file, whole, path, seconds: roughly(path), bytes: sizeOf(join(this.ctx.config.root, path)) };
    });
    weighed.sort(
      (a, b) =>
        b.whole - a.whole || b.seconds - a.seconds || b.bytes - a.bytes || a.path.localeCompare(b.path),
    );
    return weighed.map(({ file }) => file);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
