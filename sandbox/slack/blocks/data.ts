import { isObject, type JsonObject, listAt, objectAt, textAt } from '../json.ts';
import type { Problems } from './problems.ts';

const CELL_TYPES = ['raw_text', 'raw_number', 'rich_text'];
const CHARTS = ['pie', 'line', 'bar', 'area'];
const MAX_SERIES = 6;
const MAX_POINTS = 20;
const LABEL_LIMIT = 20;

/** `table` and `data_table`: at most 100 rows of at most 20 cells, every row as wide as the first. */
export function checkTable(block: JsonObject, path: string, problems: Problems): void {
  const rows = problems.list(block, 'rows', path, 1, 100);
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  for (const [at, row] of rows.entries()) {
    const rowPath = `${path}/rows/${at}`;
    if (!Array.isArray(row)) {
      problems.add('must provide an array', rowPath);
      continue;
    }
    if (row.length > 20) problems.add('no more than 20 items allowed', rowPath);
    if (row.length !== width) problems.add('every row must have the same number of cells', rowPath);
    for (const [column, cell] of row.entries()) checkCell(cell, `${rowPath}/${column}`, problems);
  }
}

function checkCell(cell: unknown, path: string, problems: Problems): void {
  const type = textAt(cell, 'type') ?? '';
  if (!isObject(cell) || !CELL_TYPES.includes(type)) {
    problems.add(`must be a valid enum value: ${CELL_TYPES.join(', ')}`, `${path}/type`);
    return;
  }
  if (type === 'raw_text' && typeof cell.text !== 'string')
    problems.add('missing required field: text', path);
  if (type === 'raw_number' && typeof cell.value !== 'number')
    problems.add('missing required field: value', path);
}

/** `data_visualization`: one chart, at most six series of at most twenty points, short labels. */
export function checkChart(block: JsonObject, path: string, problems: Problems): void {
  problems.text(block, 'title', path, 50);
  const chart = objectAt(block, 'chart');
  if (!chart) {
    problems.add('missing required field: chart', path);
    return;
  }
  const chartPath = `${path}/chart`;
  problems.oneOf(chart.type, CHARTS, `${chartPath}/type`);
  if (chart.type === 'pie') {
    checkPoints(chart, 'segments', chartPath, problems);
    return;
  }
  for (const [at, series] of problems.list(chart, 'series', chartPath, 1, MAX_SERIES).entries()) {
    const seriesPath = `${chartPath}/series/${at}`;
    if (!isObject(series)) problems.add('must provide an object', seriesPath);
    else {
      problems.text(series, 'name', seriesPath, LABEL_LIMIT);
      checkPoints(series, 'data', seriesPath, problems);
    }
  }
  const categories = listAt(objectAt(chart, 'axis_config'), 'categories');
  if (categories && categories.length > MAX_POINTS) {
    problems.add(`no more than ${MAX_POINTS} items allowed`, `${chartPath}/axis_config/categories`);
  }
}

function checkPoints(parent: JsonObject, key: string, path: string, problems: Problems): void {
  for (const [at, point] of problems.list(parent, key, path, 1, MAX_POINTS).entries()) {
    const pointPath = `${path}/${key}/${at}`;
    if (!isObject(point)) {
      problems.add('must provide an object', pointPath);
      continue;
    }
    problems.text(point, 'label', pointPath, LABEL_LIMIT);
    if (typeof point.value !== 'number' || !Number.isFinite(point.value)) {
      problems.add('must be a number', `${pointPath}/value`);
    }
  }
}
