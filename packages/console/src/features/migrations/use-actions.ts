import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useToasts } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { carryOut, migrate, requestMigrate, reuse, validate, type ChosenTarget, type Outcome } from './carry-out.ts';
import type { ActionId, ActionScene } from './model/migration-actions.ts';

/** An action on its way: what was clicked, and what was chosen for it. */
interface Step {
  readonly id: ActionId;
  readonly chosen?: ChosenTarget | null;
}

/** Actions that first ask where to, or whether it is meant. */
const WITH_DIALOG: readonly ActionId[] = [
  'request',
  'validate',
  'migrate',
  'reuse',
  'cancel',
  'deleteSource',
  'deleteTarget',
];

/** Carries out actions, tells how they went, and has everything read again that they may have changed. */
export function useActions(scene: ActionScene) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const [asking, setAsking] = useState<ActionId | null>(null);
  const run = useMutation({
    mutationFn: (step: Step) => perform(step, scene),
    onSuccess: async (outcome, { id }) => {
      toasts.done(texts.migration.done[id]);
      setAsking(null);
      if (outcome.migrationId !== undefined) {
        await navigate({ to: '/migrations/$id', params: { id: outcome.migrationId } });
      }
    },
    onError: (error) => toasts.failed(error),
    onSettled: () => queries.invalidateQueries(),
  });
  return {
    asking,
    busy: run.isPending ? run.variables.id : null,
    close: () => setAsking(null),
    confirm: (chosen?: ChosenTarget | null) => {
      if (asking) run.mutate(chosen === undefined ? { id: asking } : { id: asking, chosen });
    },
    start(id: ActionId): void {
      if (id === 'edit') void navigate({ to: '/new', search: { edit: scene.row.id } });
      else if (WITH_DIALOG.includes(id)) setAsking(id);
      else run.mutate({ id });
    },
  };
}

export type Actions = ReturnType<typeof useActions>;

async function perform({ id, chosen = null }: Step, scene: ActionScene): Promise<Outcome> {
  if (id === 'edit') return {};
  if (id === 'request') return requestMigrate(scene, chosen);
  if (id !== 'validate' && id !== 'migrate' && id !== 'reuse') return carryOut(id, scene);
  if (!chosen) throw new Error(texts.migration.target.connectHint);
  return TARGETED[id](scene, chosen);
}

const TARGETED = { validate, migrate, reuse } as const;
