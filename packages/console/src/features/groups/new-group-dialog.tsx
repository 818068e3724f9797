import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Migration } from '@longshore/client';
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
import { useCurrent, useEnvironments } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { groupBodyOf, problemOf } from './model/new-group.ts';

const t = texts.groups.dialog;
const MOST_OFFERED = 200;

/** Makes a group of the content of existing packages. */
export function NewGroupDialog({ onClose }: { readonly onClose: () => void }) {
  const { environment, client } = useCurrent();
  const { connections } = useEnvironments();
  const [name, setName] = useState('');
  const [targetUrl, setTargetUrl] = useState(
    connections.find((one) => one.environment.url !== environment.url)?.environment.url ?? environment.url,
  );
  const [picked, setPicked] = useState<readonly string[]>([]);
  const packages = useQuery({
    queryKey: ['packages-to-group', environment.url],
    queryFn: async ({ signal }) => {
      const { data } = await client.migrations.list({ limit: MOST_OFFERED, purposes: ['object_migration'], signal });
      return data.filter(({ packageInfo }) => !packageInfo.replicated && packageInfo.status !== 'creating');
    },
  });
  const chosen = (packages.data ?? []).filter(({ id }) => picked.includes(id));
  const create = useCreateGroup(name, targetUrl);
  const problem = problemOf(name, chosen);
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button variant="primary" busy={create.isPending} refusal={problem} onClick={() => create.mutate(chosen)}>
            {t.create}
          </Button>
        </>
      }
    >
      <TextField label={t.name} value={name} maxLength={250} onChange={({ target }) => setName(target.value)} />
      <SelectField
        label={t.target}
        choices={connections.map((one) => ({ value: one.environment.url, label: one.environment.name }))}
        value={targetUrl}
        onChange={({ target }) => setTargetUrl(target.value)}
      />
      <fieldset className="plain-fieldset">
        <legend className="field-label">{t.pick}</legend>
        <p className="field-hint">{t.pickHint}</p>
        {packages.isPending ? <Loading lines={3} /> : null}
        {packages.error ? <ErrorState error={packages.error} /> : null}
        {packages.data?.length === 0 ? <p>{t.none}</p> : null}
        {(packages.data ?? []).map(({ id, packageInfo }) => (
          <CheckField
            key={id}
            label={packageInfo.name ?? id}
            hint={packageInfo.project?.name ?? texts.groups.configuration}
            checked={picked.includes(id)}
            onChange={({ target }) => setPicked(target.checked ? [...picked, id] : picked.filter((one) => one !== id))}
          />
        ))}
      </fieldset>
      {create.error ? <ErrorState error={create.error} /> : null}
    </Dialog>
  );
}

function useCreateGroup(name: string, targetUrl: string) {
  const { environment, client } = useCurrent();
  const { known } = useEnvironments();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    async mutationFn(chosen: readonly Migration[]) {
      const records = await Promise.all(chosen.map(({ id }) => client.migrations.get(id, { show: 'tocview' })));
      const target = known.find(({ url }) => url === targetUrl) ?? environment;
      return client.migrationGroups.create(groupBodyOf({ name, source: environment, target, records }));
    },
    async onSuccess({ id }) {
      toasts.done(t.created);
      await queries.invalidateQueries();
      await navigate({ to: '/groups/$id', params: { id } });
    },
  });
}
