import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../src/lib/paths.ts';
import { openStore } from '../../src/store/open-store.ts';

const dumpPath = join(projectRoot(), 'src/store/schema.sql');

/** Every table and index as SQLite keeps it after all migrations. */
function dump(): string {
  const store = openStore(':memory:');
  const rows = store.sqlite
    .prepare<[], { sql: string }>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
    )
    .all();
  store.sqlite.close();
  const header =
    '-- The schema after all migrations, for reading. Regenerate: UPDATE_SCHEMA=1 npx vitest run tests/store/schema-dump.test.ts\n\n';
  return `${header}${rows.map(({ sql }) => `${sql};`).join('\n\n')}\n`;
}

it('the committed schema is the one the migrations make', () => {
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(dumpPath, dump());
  expect(readFileSync(dumpPath, 'utf8')).toBe(dump());
});
