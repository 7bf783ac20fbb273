import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { holidaysOn } from '../../../src/domain/periods/holidays.ts';

const names = (day: string) => holidaysOn(Temporal.PlainDate.from(day)).map((holiday) => holiday.name);

describe('a holiday', () => {
  it.each([
    ['2026-11-26', 'Thanksgiving'],
    ['2025-11-27', 'Thanksgiving'],
    ['2026-11-27', 'the day after Thanksgiving'],
    ['2026-05-25', 'Memorial Day'],
    ['2027-05-31', 'Memorial Day'],
    ['2026-09-07', 'Labor Day'],
    ['2026-01-19', 'Martin Luther King Day'],
    ['2026-07-03', 'Independence Day (observed)'],
    ['2027-07-05', 'Independence Day (observed)'],
    ['2021-12-31', "New Year's Day (observed)"],
    ['2024-03-29', 'Good Friday'],
    ['2025-04-21', 'Easter Monday'],
    ['2026-05-14', 'Ascension Day'],
    ['2026-05-25', 'Whit Monday'],
    ['2038-04-26', 'Easter Monday'],
    ['2026-12-26', 'the day after Christmas'],
  ])('%s is %s', (day, name) => {
    expect(names(day)).toContain(name);
  });

  it.each(['2026-11-19', '2026-11-23', '2026-10-01', '2026-04-01'])('%s is none', (day) => {
    expect(names(day)).toEqual([]);
  });
});
