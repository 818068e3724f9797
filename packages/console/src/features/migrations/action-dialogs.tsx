import { useState } from 'react';
import { Button, Dialog, Notice, TextField } from '../../design/index.ts';
import type { ConsoleEnvironment } from '@longshore/contracts';
import { texts } from '../../texts/index.ts';
import { runningWork, type ActionScene } from './model/migration-actions.ts';

const t = texts.migration.confirmDelete;

interface DeleteDialogProps {
  readonly name: string;
  readonly environment: ConsoleEnvironment;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before records are deleted; in production the environment's name has to be typed. */
export function DeleteDialog({ name, environment, busy, onConfirm, onClose }: DeleteDialogProps) {
  const [typed, setTyped] = useState('');
  const isSure = !environment.production || typed === environment.name;
  return (
    <Dialog
      title={t.title(environment.name)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button variant="danger" busy={busy} refusal={isSure ? null : t.type(environment.name)} onClick={onConfirm}>
            {t.confirm}
          </Button>
        </>
      }
    >
      <p>{t.text(name, environment.name)}</p>
      {environment.production ? (
        <>
          <Notice tone="warn">{texts.migration.target.production(environment.name)}</Notice>
          <TextField
            label={t.type(environment.name)}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </>
      ) : null}
    </Dialog>
  );
}

const c = texts.migration.confirmCancel;

interface CancelDialogProps {
  readonly scene: ActionScene;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Says what becomes of what is under way before it is ended. When it has ended by itself, that is said instead. */
export function CancelDialog({ scene, busy, onConfirm, onClose }: CancelDialogProps) {
  const work = runningWork(scene);
  const environment = (work === 'create' ? scene.source : scene.target)?.environment.name ?? '';
  return (
    <Dialog
      title={work === null ? c.ended : c.title[work]}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{work === null ? texts.common.close : c.keep}</Button>
          {work === null ? null : (
            <Button variant="danger" busy={busy} onClick={onConfirm}>
              {c.confirm[work]}
            </Button>
          )}
        </>
      }
    >
      <p>{work === null ? c.endedText : c.text[work](environment)}</p>
    </Dialog>
  );
}
