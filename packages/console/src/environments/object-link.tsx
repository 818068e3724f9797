import { Link } from '@tanstack/react-router';

interface ObjectLinkProps {
  /** The environment in which the object is looked at. */
  readonly at: string;
  /** Absent: the object has no page of its own, and its name is plain text. */
  readonly projectId: string | undefined;
  readonly object: { readonly id: string; readonly type: number; readonly name: string };
}

/** The name of an object; it leads to the object's page in the environment that it was read from. */
export const ObjectLink = ({ at, projectId, object: { id, type, name } }: ObjectLinkProps) =>
  projectId === undefined ? (
    <span title={name}>{name}</span>
  ) : (
    <Link
      to="/objects/$projectId/$type/$id"
      params={{ projectId, type: String(type), id }}
      search={{ at }}
      title={name}
    >
      {name}
    </Link>
  );
