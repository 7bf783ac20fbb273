import type { ForecastLedger, IssuedForecast, RecordedMonth } from '../domain/forecast/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type MonthRow = Schema['forecast_months'] & Pick<Schema['forecasts'], 'metric' | 'issued_at'>;

export function createForecastLedger({ store, clock }: { store: Store; clock: Clock }): ForecastLedger {
  const { db } = store;
  const months = () =>
    db
      .selectFrom('forecast_months')
      .innerJoin('forecasts', 'forecasts.id', 'forecast_months.forecast_id')
      .selectAll('forecast_months')
      .select(['forecasts.metric', 'forecasts.issued_at']);

  return {
    issue: (forecast) =>
      ledgerTransaction(store, () => {
        const { metric, knownMonth, dataVersion } = forecast;
        const same = firstRow(
          store,
          db
            .selectFrom('forecasts')
            .select('id')
            .where('metric', '=', metric)
            .where('known_month', '=', knownMonth)
            .where('data_version', '=', dataVersion)
            .compile(),
        );
        if (same) return same.id;
        const id = newId('fc');
        const row = {
          id,
          metric,
          known_month: knownMonth,
          data_version: dataVersion,
          models: JSON.stringify(forecast.models),
          issued_at: clock.now(),
        };
        change(store, db.insertInto('forecasts').values(row).compile());
        change(store, db.insertInto('forecast_months').values(monthRows(id, forecast)).compile());
        return id;
      }),
    due: async (nowAt) => {
      const query = months()
        .where('forecast_months.actual', 'is', null)
        .where('forecast_months.end_at', '<=', nowAt)
        .orderBy('forecast_months.end_at')
        .orderBy('forecasts.issued_at');
      return allRows<MonthRow>(store, query.compile()).map(fromRow);
    },
    score: async (forecastId, month, actual) => {
      const query = db
        .updateTable('forecast_months')
        .set({ actual, scored_at: clock.now() })
        .where('forecast_id', '=', forecastId)
        .where('month', '=', month)
        .where('actual', 'is', null);
      change(store, query.compile());
    },
    record: async ({ metric, limit }) => {
      const of = months().$if(metric !== undefined, (all) =>
        all.where('forecasts.metric', '=', metric ?? ''),
      );
      const scored = of
        .where('forecast_months.actual', 'is not', null)
        .orderBy('forecast_months.end_at', 'desc')
        .orderBy('forecasts.issued_at', 'desc')
        .limit(limit);
      const waiting = of.where('forecast_months.actual', 'is', null);
      return {
        scored: allRows<MonthRow>(store, scored.compile()).map(fromRow),
        waiting: allRows(store, waiting.compile()).length,
      };
    },
  };
}

function monthRows(id: string, { points }: IssuedForecast) {
  return points.map(({ month, endAt, mean, low80, high80, low95, high95 }, step) => ({
    forecast_id: id,
    month,
    end_at: endAt,
    months_ahead: step + 1,
    ...{ mean, low80, high80, low95, high95 },
    actual: null,
    scored_at: null,
  }));
}

function fromRow(row: MonthRow): RecordedMonth {
  const { month, mean, low80, high80, low95, high95, actual, metric } = row;
  return {
    forecastId: row.forecast_id,
    issuedAt: row.issued_at,
    monthsAhead: row.months_ahead,
    endAt: row.end_at,
    ...{ metric, month, mean, low80, high80, low95, high95, actual },
  };
}
