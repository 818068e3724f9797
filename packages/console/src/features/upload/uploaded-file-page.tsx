import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { SharedFile } from '@longshore/contracts';
import { PRIVILEGE } from '@longshore/domain';
import { Badge, Button, Empty, ErrorState, Loading, SelectField, useToasts } from '../../design/index.ts';
import { IMPORT_PRIVILEGES, privilegeRefusal, useEnvironments, type Connection } from '../../environments/index.ts';
import { bytesText, dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { FilePlan } from '../plan/index.ts';
import { UPLOAD_PRIVILEGES } from './upload-page.tsx';

const t = texts.upload;
const PAGE = 1000;

interface FoundFile {
  readonly connection: Connection;
  readonly file: SharedFile;
}

/** An uploaded file: what it is, and its import. */
export function UploadedFilePage() {
  const { fileId } = useParams({ from: '/upload/$fileId' });
  const { connections } = useEnvironments();
  const found = useQuery({
    queryKey: ['file', fileId, connections.map(({ environment }) => environment.url)],
    queryFn: ({ signal }) => findFile(fileId, connections, signal),
  });
  if (found.isPending) return <Loading />;
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) {
    return (
      <Empty
        title={t.missing}
        action={
          <Link className="button" to="/migrations">
            {texts.shell.toMigrations}
          </Link>
        }
      />
    );
  }
  return <UploadedFile {...found.data} />;
}

/** File ids name no environment, so all that are connected are asked. */
async function findFile(
  fileId: string,
  connections: readonly Connection[],
  signal: AbortSignal,
): Promise<FoundFile | null> {
  for (const connection of connections) {
    if (!connection.holds(PRIVILEGE.applyPackage)) continue;
    const { data } = await connection.client.files.list({ limit: PAGE, signal });
    const file = data.find(({ id }) => id === fileId);
    if (file) return { connection, file };
  }
  return null;
}

function UploadedFile({ connection, file }: FoundFile) {
  const { environment, client } = connection;
  const needsProject = file.extraInfo.packageType !== 'configuration';
  const projects = useQuery({
    queryKey: ['projects', environment.url],
    enabled: needsProject,
    queryFn: ({ signal }) => client.projects.list({ signal }),
  });
  const [projectId, setProjectId] = useState<string>();
  const project = projects.data?.find(({ id }) => id === projectId) ?? projects.data?.[0];
  const actions = useFileActions({ connection, file });
  const targetId = needsProject ? project?.id : undefined;
  const refusal = needsProject && !project ? t.project : privilegeRefusal(connection, IMPORT_PRIVILEGES, [targetId]);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{file.name ?? file.id}</h1>
          <div className="row">
            <Badge tone="info">{texts.migrations.status.uploaded}</Badge>
            <span className="muted">{environment.name}</span>
          </div>
        </div>
        <Button
          variant="danger"
          busy={actions.remove.isPending}
          refusal={privilegeRefusal(connection, UPLOAD_PRIVILEGES)}
          onClick={() => actions.remove.mutate()}
        >
          {t.delete}
        </Button>
      </div>
      <section className="card">
        <dl className="facts">
          <dt>{t.type}</dt>
          <dd>{t.types[file.extraInfo.packageType]}</dd>
          <dt>{t.size}</dt>
          <dd>{bytesText(file.size)}</dd>
          <dt>{t.digest}</dt>
          <dd>
            <code>{file.sha256}</code>
          </dd>
          <dt>{t.by}</dt>
          <dd>{file.creator.name}</dd>
          <dt>{t.when}</dt>
          <dd>{dateText(file.creationDate)}</dd>
        </dl>
      </section>
      <section className="card stack upload-form">
        <p className="muted">{t.importHint}</p>
        {projects.error ? <ErrorState error={projects.error} /> : null}
        {needsProject ? (
          <SelectField
            label={t.project}
            choices={(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={project?.id ?? ''}
            onChange={({ target }) => setProjectId(target.value)}
          />
        ) : null}
        <div className="row">
          <Button
            variant="primary"
            busy={actions.start.isPending}
            refusal={refusal}
            onClick={() => actions.start.mutate(needsProject ? project : undefined)}
          >
            {t.import}
          </Button>
        </div>
      </section>
      <FilePlan connection={connection} file={file} projectId={targetId} refusal={refusal} />
    </div>
  );
}

function useFileActions({ connection: { client, environment }, file }: FoundFile) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const start = useMutation({
    async mutationFn(project: { readonly id: string; readonly name: string } | undefined) {
      const target = {
        fileId: file.id,
        environment: { id: environment.url, name: environment.name },
        ...(project ? { project: { id: project.id, name: project.name } } : {}),
      };
      return client.migrations.importFile(target, { projectId: project?.id });
    },
    async onSuccess({ id }) {
      toasts.done(t.started);
      await queries.invalidateQueries();
      await navigate({ to: '/migrations/$id', params: { id } });
    },
    onError: (error) => toasts.failed(error),
  });
  const remove = useMutation({
    mutationFn: () => client.files.delete(file.id),
    async onSuccess() {
      toasts.done(t.deleted);
      await queries.invalidateQueries();
      await navigate({ to: '/migrations' });
    },
    onError: (error) => toasts.failed(error),
  });
  return { start, remove };
}
