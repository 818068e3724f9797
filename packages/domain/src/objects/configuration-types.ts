import { configuration, notPacked, type } from './type-rows.ts';
import type { ObjectType } from './type-rows.ts';

/** Types whose objects live in the configuration, shared by all projects (spec/semantics.md 1.3). */
export const CONFIGURATION_TYPES: readonly ObjectType[] = [
  type(configuration, [9, 'Device', 'device']),
  type(
    configuration,
    [29, 'Data source', 'db_role'],
    [
      [7424, 'Data source', 'db_role'],
      [7425, 'Data import source', 'db_role_data_import'],
      [7426, 'Primary data import source', 'db_role_data_import_primary'],
      [7427, 'OAuth data source', 'db_role_oauth'],
      [7428, 'Remote data source', 'db_role_remote_data_source'],
      [7429, 'Data source with URL sign-in', 'db_role_url_auth'],
      [7430, 'Generic data connector', 'db_role_generic_dataconnector'],
    ],
  ),
  type(
    configuration,
    [30, 'Database login', 'db_login'],
    [
      [7680, 'Database login', 'db_login'],
      [7681, 'Database login from a vault', 'db_login_secret_vault'],
    ],
  ),
  type(configuration, [31, 'Database connection', 'db_connection']),
  type(notPacked(configuration), [32, 'Project', 'project']),
  type(notPacked(configuration), [33, 'Server definition', 'server_def']),
  type(
    { ...configuration, packable: ['configuration', 'project_security'] },
    [34, 'User', 'user'],
    [
      [8704, 'User', 'user'],
      [8705, 'User group', 'user_group'],
      [8706, 'Tenant', 'tenant'],
      [8707, 'Tenant group', 'tenant_group'],
    ],
  ),
  type(configuration, [35, 'Transmitter', 'transmitter']),
  type(notPacked(configuration), [36, 'Configuration', 'configuration']),
  type(notPacked(configuration), [37, 'Request', 'request']),
  type(configuration, [44, 'Security role', 'security_role']),
  type(configuration, [45, 'Language', 'locale']),
  type(configuration, [49, 'Event', 'schedule_event']),
  type(notPacked(configuration), [50, 'Schedule object', 'schedule_object']),
  type(configuration, [51, 'Schedule', 'schedule_trigger']),
  type(notPacked(configuration), [57, 'Database type', 'type_dbms']),
  type(
    configuration,
    [71, 'Palette', 'palette'],
    [
      [17921, 'Palette', 'palette_custom'],
      [17920, 'System palette', 'palette_system'],
    ],
    [17920],
  ),
  type({ ...configuration, packable: ['project', 'configuration'] }, [77, 'Content group', 'content_bundle']),
  type(
    configuration,
    [78, 'Application', 'application'],
    [
      [19968, 'Application', 'application'],
      [19969, 'PowerPoint application', 'application_powerpoint'],
      [19970, 'Excel application', 'application_excel'],
      [19971, 'Teams application', 'application_teams'],
      [19972, 'Tableau application', 'application_tableau'],
      [19973, 'Google Sheets application', 'application_google_sheets'],
      [19974, 'Application 19974', 'application_19974'],
    ],
  ),
  type(
    configuration,
    [79, 'Time zone', 'timezone'],
    [
      [20225, 'Time zone', 'timezone_custom'],
      [20224, 'System time zone', 'timezone_system'],
    ],
    [20224],
  ),
  type(configuration, [80, 'Runtime', 'script_runtime_env']),
  type(
    configuration,
    [81, 'Calendar', 'calendar'],
    [
      [20737, 'Calendar', 'calendar_custom'],
      [20736, 'System calendar', 'calendar_system'],
    ],
    [20736],
  ),
  type(
    notPacked(configuration),
    [82, 'Identity provider', 'iam'],
    [
      [20992, 'Identity provider', 'iam'],
      [21002, 'Vault connection', 'vault_connection'],
    ],
  ),
  type(notPacked(configuration), [84, 'Driver', 'driver']),
  type(
    notPacked(configuration),
    [85, 'Interface language', 'interface_language'],
    [
      [21761, 'Interface language', 'interface_language_custom'],
      [21760, 'System interface language', 'interface_language_system'],
    ],
  ),
  type(notPacked(configuration), [91, 'Stream source', 'stream_source']),
  type(notPacked(configuration), [92, 'Stream channel', 'stream_channel']),
];
