import type { JsonObject } from '@longshore/domain';
import { inState, link } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';

interface DataSourceRow extends RowBase {
  readonly dbms: string;
  readonly server: string;
  readonly database: string;
}

const DATA_SOURCES: readonly Stated<DataSourceRow>[] = [
  {
    name: 'Tutorial Data',
    dbms: 'PostgreSQL',
    server: 'warehouse-dev.example.com',
    database: 'tutorial',
    dateModified: '2021-11-02T10:00:00.000+0000',
    prod: { editedAt: '2022-01-10T10:00:00.000+0000', server: 'warehouse.example.com' },
  },
  { name: 'Operational Datamart', dbms: 'PostgreSQL', server: 'operations.example.com', database: 'opdm' },
  { name: 'Statistics', dbms: 'Microsoft SQL Server', server: 'statistics.example.com', database: 'stats' },
];

/** A data source needs a connection, a connection needs a login. Secrets are in none of them. */
function addDataSources(draft: ProjectDraft): void {
  for (const row of inState(DATA_SOURCES, draft.state)) {
    const { server: _server, ...common } = row;
    const login = `${row.name} Login`;
    const connection = `${row.name} Connection`;
    const unchanged: RowBase = { name: login, dateCreated: '2005-03-01T09:00:00.000+0000' };
    draft.add('login', unchanged, { definition: { username: `${row.database}_reader` } });
    const connectionString = `DRIVER={${row.dbms}};SERVER=${row.server};DATABASE=${row.database};PORT=5432;`;
    draft.add(
      'connection',
      { ...common, name: connection },
      { definition: { login: link('login', login), connectionString, executionMode: 'asynchronous_statement' } },
    );
    const { name, description = '' } = row;
    draft.add(
      'dataSource',
      { name, description },
      { definition: { sourceType: 'normal', dbms: row.dbms, primaryConnection: link('connection', connection) } },
    );
  }
}

const LOCALES: readonly (readonly [name: string, abbreviation: string, lcid: number])[] = [
  ['English (United States)', 'en-US', 1033],
  ['German (Germany)', 'de-DE', 1031],
  ['French (France)', 'fr-FR', 1036],
  ['Spanish (Spain)', 'es-ES', 3082],
  ['Japanese (Japan)', 'ja-JP', 1041],
];

interface ScheduleRow extends RowBase {
  readonly event?: string;
  readonly hour?: number;
}

const EVENTS: readonly Stated<RowBase>[] = [
  { name: 'Books Closed', description: 'The month is booked' },
  { name: 'Database Load', description: 'The nightly load has finished' },
  { name: 'On Demand' },
];

const SCHEDULES: readonly Stated<ScheduleRow>[] = [
  { name: 'At Close of Business (Weekday)', hour: 18 },
  {
    name: 'First of Month',
    hour: 4,
    dateModified: '2018-08-08T08:08:08.000+0000',
    prod: { editedAt: '2021-01-04T04:00:00.000+0000', hour: 2 },
  },
  { name: 'Books Closed', event: 'Books Closed' },
  { name: 'After the Database Load', event: 'Database Load' },
];

function addSchedules(draft: ProjectDraft): void {
  for (const row of inState(EVENTS, draft.state)) draft.add('event', row, { definition: {} });
  for (const row of inState(SCHEDULES, draft.state)) {
    const definition: JsonObject =
      row.event === undefined
        ? { scheduleType: 'time_based', time: { hour: row.hour ?? 0, minute: 0 }, startDate: '2010-01-01' }
        : { scheduleType: 'event_based', event: link('event', row.event) };
    draft.add('schedule', row, { definition });
  }
}

const DELIVERY: readonly (readonly [transmitter: string, devices: readonly string[]])[] = [
  ['Email', ['Generic email', 'Mobile email']],
  ['File', ['Network folder']],
  ['Print', ['Office printer']],
];

function addDelivery(draft: ProjectDraft): void {
  for (const [transmitter, devices] of DELIVERY) {
    draft.add('transmitter', { name: transmitter }, { definition: { deliveryType: transmitter.toLowerCase() } });
    for (const device of devices) {
      draft.add('device', { name: device }, { definition: { transmitter: link('transmitter', transmitter) } });
    }
  }
}

/** What belongs to the environment besides accounts: data sources, languages, schedules and delivery. */
export function addEnvironment(draft: ProjectDraft): void {
  addDataSources(draft);
  for (const [name, abbreviation, lcid] of LOCALES) {
    draft.add('locale', { name }, { definition: { abbreviation, lcid } });
  }
  addSchedules(draft);
  addDelivery(draft);
}
