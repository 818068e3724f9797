import { AppError } from '@longshore/contracts';
import { parseWireDate } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';

const US_DATE = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}) (\d{1,2}):(\d\d):(\d\d) (AM|PM)$/i;

/** `04/23/2024 01:00:00 PM`, also without leading zeros (spec/api.md 1.9), or a date of the wire. @throws AppError invalid */
export function parseJournalDate(value: string): string {
  const match = US_DATE.exec(value.trim());
  if (match === null) {
    const date = parseWireDate(value);
    if (date !== undefined) return date;
    throw new AppError('invalid', `Invalid value: '${value}' must be a date such as 04/23/2024 01:00:00 PM.`);
  }
  const [, month, day, year, hour, minute, second, half] = match;
  const hours = (Number(hour) % 12) + (half?.toUpperCase() === 'PM' ? 12 : 0);
  return wireDate(Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second)));
}
