import { useEffect, useReducer } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useToasts } from '../../design/index.ts';
import { useCurrent } from '../../environments/index.ts';
import { dateText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { changeDraft, emptyDraft } from './model/draft.ts';
import { createBodyOf, draftOf, tocViewOf } from './model/draft-request.ts';

const t = texts.newPackage;

/** The draft of the page: a new one, or the one of the package that is edited. */
export function useDraft(edit: string | undefined) {
  const { client, environment } = useCurrent();
  const [draft, change] = useReducer(changeDraft, undefined, () =>
    emptyDraft(t.defaultName(dateText(new Date().toISOString()))),
  );
  const edited = useQuery({
    queryKey: ['edited', environment.url, edit],
    enabled: edit !== undefined,
    staleTime: Infinity,
    queryFn: ({ signal }) => client.migrations.get(edit ?? '', { show: 'tocview', signal }),
  });
  const { data } = edited;
  useEffect(() => {
    if (data) change({ do: 'load', draft: draftOf(data) });
  }, [data]);
  return { draft, change, edited, editedProject: data?.packageInfo.project?.id };
}

export type DraftState = ReturnType<typeof useDraft>;

interface SaveOptions {
  readonly edit: string | undefined;
  readonly projectId: string | undefined;
}

/** Creates the package, or builds the edited one again, and goes to its page. */
export function useSave({ draft }: DraftState, { edit, projectId }: SaveOptions) {
  const { client, environment } = useCurrent();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    async mutationFn(): Promise<string> {
      const project = draft.kind === 'administration' ? undefined : projectId;
      if (edit === undefined) {
        const body = createBodyOf(draft, { id: environment.url, name: environment.name });
        return (await client.migrations.create(body, { projectId: project })).id;
      }
      const { packageInfo } = createBodyOf(draft, { id: environment.url, name: environment.name });
      const body = { type: packageInfo.type, name: packageInfo.name, tocView: tocViewOf(draft), treeView: {} };
      await client.migrations.edit(edit, body, { projectId: project });
      return edit;
    },
    async onSuccess(id) {
      toasts.done(t.created);
      await queries.invalidateQueries();
      await navigate({ to: '/migrations/$id', params: { id } });
    },
  });
}
