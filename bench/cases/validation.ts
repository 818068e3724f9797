import { DASHBOARD_TYPE, PROJECT, ROOT_ID } from '../data.ts';
import { createPackage } from '../migration.ts';
import type { BenchServer } from '../server.ts';
import { expectThat, type BenchCase } from './case.ts';
import { expectSameAs } from './content.ts';

const POLL_MS = 20;

interface ValidationShown {
  readonly validation?: { readonly status: string; readonly message?: string };
}

/** What an import would do, tried on the target without keeping anything of it; the source learns the result. */
export const validationCase: BenchCase = {
  name: 'validation',
  comparedWith: 'import',
  async run(workspace) {
    workspace.copy(await workspace.loaded('new'), 'validation-source');
    workspace.copy(await workspace.empty(), 'validation-target');
    await using source = await workspace.start('validation-source');
    await using target = await workspace.start('validation-target');
    const { id, packageInfo } = await createPackage(source);
    const { result, ...measured } = await target.measure(async () => {
      await source.client.migrations.patch(id, { validation: { status: 'validating' } } as never);
      await send(target, id, await source.client.migrations.get(id));
      return validated(source, id);
    });
    expectThat(result === 'validated', `the validation ended as '${result}'`);
    await expectSameAs(workspace, 'empty', target);
    return { ...measured, objects: workspace.objects, bytes: packageInfo.storage?.size ?? 0 };
  },
};

async function send(target: BenchServer, id: string, record: object): Promise<void> {
  const token = await target.token();
  const response = await fetch(`${target.url}/api/migrations/${id}/validation`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      'x-mstr-authtoken': token,
      'x-mstr-projectid': PROJECT.id,
    },
    body: JSON.stringify(record),
  });
  expectThat(response.ok, `the validation of ${ROOT_ID};${DASHBOARD_TYPE} was refused: ${await response.text()}`);
}

async function validated(source: BenchServer, id: string): Promise<string> {
  for (;;) {
    const { validation } = (await source.client.migrations.get(id)) as ValidationShown;
    if (validation !== undefined && validation.status !== 'validating') return validation.status;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
