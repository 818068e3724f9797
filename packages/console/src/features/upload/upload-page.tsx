import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PACKAGE_TYPES, PRIVILEGE, type PackageType } from '@longshore/domain';
import { Button, ErrorState, Notice, SelectField, TextField, useToasts } from '../../design/index.ts';
import { privilegeRefusal, useCurrent } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { hashFile } from './hash-file.ts';

const t = texts.upload;
/** The store of files is the administrators' to write. */
export const UPLOAD_PRIVILEGES = [PRIVILEGE.applyPackage, PRIVILEGE.administerEnvironment] as const;

interface Upload {
  readonly file: File;
  readonly name: string;
  readonly type: PackageType;
}

/** Sends a package file to the current environment. */
export function UploadPage() {
  const connection = useCurrent();
  const { environment } = connection;
  const refusal = privilegeRefusal(connection, UPLOAD_PRIVILEGES);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [type, setType] = useState<PackageType>('project');
  const { upload, step } = useUpload();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (file) upload.mutate({ file, name, type });
  };
  return (
    <div className="page">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead(environment.name)}</p>
      </div>
      <form className="card stack upload-form" onSubmit={submit}>
        <TextField
          label={t.file}
          type="file"
          accept=".mmp"
          onChange={({ target }) => {
            const [chosen = null] = target.files ?? [];
            setFile(chosen);
            if (chosen) setName(chosen.name.replace(/\.mmp$/i, ''));
          }}
        />
        <TextField label={t.name} value={name} maxLength={250} onChange={({ target }) => setName(target.value)} />
        <SelectField
          label={t.type}
          choices={PACKAGE_TYPES.map((value) => ({ value, label: t.types[value] }))}
          value={type}
          onChange={({ target }) => setType(target.value as PackageType)}
        />
        {refusal ? <Notice tone="warn">{refusal}</Notice> : null}
        {upload.error ? <ErrorState error={upload.error} /> : null}
        <div className="row">
          <Button type="submit" variant="primary" busy={upload.isPending} refusal={refusal ?? (file ? null : t.noFile)}>
            {t.submit}
          </Button>
          <span className="muted" aria-live="polite">
            {upload.isPending ? step : ''}
          </span>
        </div>
      </form>
    </div>
  );
}

function useUpload() {
  const { client, environment } = useCurrent();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const [step, setStep] = useState('');
  const upload = useMutation({
    async mutationFn({ file, name, type }: Upload): Promise<string> {
      const sha256 = await hashFile(file, (percent) => setStep(t.reading(percent.toFixed(0))));
      setStep(t.sending);
      const { id } = await client.files.create({
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        type: 'migrations.packages',
        extension: 'mmp',
        size: file.size,
        sha256,
        environment: { id: environment.url, name: environment.name },
        extraInfo: { packageType: type, packagePurpose: 'object_migration' },
      });
      try {
        await client.files.upload(id, file);
      } catch (error) {
        // What was announced and could not be sent must not stay behind.
        await client.files.delete(id).catch(() => undefined);
        throw error;
      }
      return id;
    },
    async onSuccess(fileId) {
      toasts.done(t.done);
      await queries.invalidateQueries();
      await navigate({ to: '/upload/$fileId', params: { fileId } });
    },
  });
  return { upload, step };
}
