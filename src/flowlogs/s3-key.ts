// Where AWS puts flow-log files: Amazon VPC User Guide, "Flow log files" (flow-logs-s3-path).

/** Files are published every five minutes. */
export const slotMs = 300_000;

/** What the parts of a key say. */
export interface KeyParts {
  readonly accountId: string;
  readonly region: string;
}

/** How a flow log's owner wants its keys. */
export interface KeyLayout {
  /** Before `AWSLogs/`, with a slash at its end; empty for none. */
  readonly prefix: string;
  /** Folders that say what they are, for Hive-compatible tools: `aws-account-id=123456789012/`. */
  readonly hive: boolean;
  /** One more folder, the hour. */
  readonly hourly: boolean;
}

/** AWS's default. */
export const defaultLayout: KeyLayout = { prefix: '', hive: false, hourly: false };

/** The folder of a slot, by default `AWSLogs/<account>/vpcflowlogs/<region>/YYYY/MM/DD/`. `atMs` is Unix ms within the hour. */
export function keyFolder({ accountId, region }: KeyParts, atMs: number, layout: KeyLayout = defaultLayout): string {
  const { year, month, day, hour } = utcOf(atMs);
  const { prefix, hive, hourly } = layout;
  const names = hive
    ? [
        `aws-account-id=${accountId}`,
        'aws-service=vpcflowlogs',
        `aws-region=${region}`,
        `year=${year}`,
        `month=${month}`,
      ]
    : [accountId, 'vpcflowlogs', region, year, month];
  const last = [hive ? `day=${day}` : day, ...(hourly ? [hive ? `hour=${hour}` : hour] : [])];
  return `${prefix}AWSLogs/${[...names, ...last].join('/')}/`;
}

/** What a flow log's files are in (CreateFlowLogs, FileFormat). */
export type FileFormat = 'text' | 'parquet';

/**
 * The full key of a file. `hash` is 8 hex digits that tell the files of one slot apart. Parquet has no `.gz`: its pages are gzipped,
 * not the file (the captured file that parquet/write.ts names).
 */
export function objectKey(
  parts: KeyParts & { flowLogId: string; hash: string; file?: FileFormat },
  slotStartMs: number,
  layout: KeyLayout = defaultLayout,
): string {
  const { year, month, day, hour, minute } = utcOf(slotStartMs);
  const time = `${year}${month}${day}T${hour}${minute}Z`;
  const { accountId, region, flowLogId, hash, file = 'text' } = parts;
  const suffix = file === 'parquet' ? 'log.parquet' : 'log.gz';
  const folder = keyFolder(parts, slotStartMs, layout);
  return `${folder}${accountId}_vpcflowlogs_${region}_${flowLogId}_${time}_${hash}.${suffix}`;
}

/** What a file name of AWS's form says; undefined for any other name. */
export function parseFileName(name: string): (KeyParts & { slotStartMs: number }) | undefined {
  const match =
    /^(\d{12})_vpcflowlogs_([a-z0-9-]+)_fl-[0-9a-f]+_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[0-9a-f]+\.log(\.gz|\.parquet)?$/.exec(
      name,
    );
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(3, 8).map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return undefined;
  const slotStartMs = (daysFromCivil(year, month, day) * 1440 + hour * 60 + minute) * 60_000;
  return { accountId: match[1]!, region: match[2]!, slotStartMs };
}

function utcOf(unixMs: number): Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', string>> {
  const minutes = Math.floor(unixMs / 60_000);
  const days = Math.floor(minutes / 1440);
  const [year, month, day] = civilFromDays(days);
  return {
    year: String(year).padStart(4, '0'),
    month: twoDigits(month),
    day: twoDigits(day),
    hour: twoDigits(Math.floor(minutes / 60) - days * 24),
    minute: twoDigits(minutes % 60),
  };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

// Days to and from the Gregorian calendar, years beginning in March so that the leap day comes last (Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms"). `Date` would do it too, but nothing here may read the machine's clock.
function civilFromDays(days: number): [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
