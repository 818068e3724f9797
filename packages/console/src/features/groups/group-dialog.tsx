import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { MigrationGroup } from '@longshore/contracts';
import { PRIVILEGE } from '@longshore/domain';
import {
  Button,
  CheckField,
  Dialog,
  ErrorState,
  Loading,
  SelectField,
  TextField,
  useToasts,
} from '../../design/index.ts';
import { privilegeRefusal, useEnvironments, type Connection } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { groupBodyOf, problemOf, type Groupable } from './model/new-group.ts';

const t = texts.groups.dialog;
const MOST_OFFERED = 200;

interface GroupDialogProps {
  /** Where the packages are. */
  readonly connection: Connection;
  /** Absent: a new group. */
  readonly edited?: MigrationGroup;
  readonly onClose: () => void;
}

/** Makes a group of the content of existing packages, or gives a group others. */
export function GroupDialog({ connection, edited, onClose }: GroupDialogProps) {
  const { connections } = useEnvironments();
  const first = edited ? firstOf(edited) : { name: '', targetUrl: '', picked: [] };
  const [name, setName] = useState(first.name);
  const [targetUrl, setTargetUrl] = useState(first.targetUrl || firstTarget(connection, connections));
  const [picked, setPicked] = useState<readonly string[]>(first.picked);
  const offered = useOffered(connection, edited);
  const chosen = (offered.data ?? []).filter(({ id }) => picked.includes(id));
  const save = useSaveGroup({ connection, edited, name, targetUrl, onDone: onClose });
  const mayNot = privilegeRefusal(
    connection,
    [PRIVILEGE.createPackage],
    chosen.map(({ packageInfo }) => packageInfo.project?.id),
  );
  return (
    <Dialog
      title={edited ? t.editTitle : t.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button
            variant="primary"
            busy={save.isPending}
            refusal={problemOf(name, chosen) ?? mayNot}
            onClick={() => save.mutate(chosen)}
          >
            {edited ? t.save : t.create}
          </Button>
        </>
      }
    >
      {edited ? <p className="muted">{t.editHint}</p> : null}
      <TextField label={t.name} value={name} maxLength={250} onChange={({ target }) => setName(target.value)} />
      <SelectField
        label={t.target}
        choices={connections.map((one) => ({ value: one.environment.url, label: one.environment.name }))}
        value={targetUrl}
        onChange={({ target }) => setTargetUrl(target.value)}
      />
      <Packages
        offered={offered.data ?? null}
        error={offered.error}
        members={first.picked.length}
        picked={picked}
        onPick={setPicked}
      />
      {save.error ? <ErrorState error={save.error} /> : null}
    </Dialog>
  );
}

const firstOf = ({ name, targetEnvironment, migrations }: MigrationGroup) => ({
  name,
  targetUrl: targetEnvironment.id ?? '',
  picked: migrations.map(({ id }) => id),
});

interface PackagesProps {
  /** Null while they are read. */
  readonly offered: readonly Groupable[] | null;
  readonly error: Error | null;
  /** So many of the first are in the group already. */
  readonly members: number;
  readonly picked: readonly string[];
  readonly onPick: (ids: readonly string[]) => void;
}

const Packages = ({ offered, error, members, picked, onPick }: PackagesProps) => (
  <fieldset className="plain-fieldset">
    <legend className="field-label">{t.pick}</legend>
    <p className="field-hint">{t.pickHint}</p>
    {offered === null && !error ? <Loading lines={3} /> : null}
    {error ? <ErrorState error={error} /> : null}
    {offered?.length === 0 ? <p>{t.none}</p> : null}
    {(offered ?? []).map(({ id, packageInfo }, index) => (
      <CheckField
        key={id}
        label={index < members ? t.member(index + 1) : (packageInfo.name ?? id)}
        hint={packageInfo.project?.name ?? texts.groups.configuration}
        checked={picked.includes(id)}
        onChange={({ target }) => onPick(target.checked ? [...picked, id] : picked.filter((one) => one !== id))}
      />
    ))}
  </fieldset>
);

const firstTarget = ({ environment }: Connection, connections: readonly Connection[]): string =>
  connections.find((one) => one.environment.url !== environment.url)?.environment.url ?? environment.url;

/** The packages that a group can be made of: first those that it has, then all others. */
function useOffered({ environment, client }: Connection, edited: MigrationGroup | undefined) {
  return useQuery({
    queryKey: ['packages-to-group', environment.url, edited?.id],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }): Promise<readonly Groupable[]> => {
      const group = edited ? await client.migrationGroups.get(edited.id, { show: 'all', signal }) : null;
      const { data } = await client.migrations.list({ limit: MOST_OFFERED, purposes: ['object_migration'], signal });
      const packages = data.filter(({ packageInfo }) => !packageInfo.replicated && packageInfo.status !== 'creating');
      return [...((group?.migrations ?? []) as readonly Groupable[]), ...packages];
    },
  });
}

interface SaveGroup {
  readonly connection: Connection;
  readonly edited: MigrationGroup | undefined;
  readonly name: string;
  readonly targetUrl: string;
  readonly onDone: () => void;
}

function useSaveGroup({ connection: { environment, client }, edited, name, targetUrl, onDone }: SaveGroup) {
  const { known } = useEnvironments();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    async mutationFn(chosen: readonly Groupable[]) {
      const own = edited?.migrations.map(({ id }) => id) ?? [];
      // Lists come without content; what the group has was read with it.
      const records = await Promise.all(
        chosen.map(async (one): Promise<Groupable> =>
          own.includes(one.id) ? one : client.migrations.get(one.id, { show: 'tocview' }),
        ),
      );
      const target = known.find(({ url }) => url === targetUrl) ?? environment;
      const body = groupBodyOf({ name, source: environment, target, records });
      if (!edited) return client.migrationGroups.create(body);
      // Left out, the target stays what it is, also where this console does not know it.
      const { targetEnvironment: _, ...others } = body;
      return client.migrationGroups.edit(edited.id, targetUrl === edited.targetEnvironment.id ? others : body);
    },
    async onSuccess({ id }) {
      toasts.done(t.created);
      onDone();
      await queries.invalidateQueries();
      await navigate({ to: '/groups/$id', params: { id } });
    },
  });
}
