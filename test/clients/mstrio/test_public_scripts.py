"""The migration scripts that the client's authors publish, run to the end with their placeholders filled in.

They are read from the source archive of the client's version; none of their text is kept here.
"""

import re

import pytest
from mstrio.connection import Connection

from servers import PASSWORD, Environments, Server, Witness
from support.known import (
    ADMINISTRATOR,
    FOLDER,
    PROFIT,
    PROJECT,
    PROJECT_NAME,
    SEARCH_FOR_SALES_METRICS,
    SUSTAINABILITY_OFFICER,
    YEAR,
)
from support.scripts import connection_data, fill_in, public_script, run_script

WORKFLOW_PROJECT = re.compile(r"project_name='[^']*'")
TARGET = {"target_username": "Administrator", "target_password": PASSWORD, "target_project_name": PROJECT_NAME}


def workflow(name: str) -> str:
    """A workflow that runs in a project of ours: the name of the authors' project stands in it as a literal."""
    source, changed = WORKFLOW_PROJECT.subn(f"project_name={PROJECT_NAME!r}", public_script(f"workflows/{name}"))
    assert changed == 1
    return source


def test_the_migration_snippet(environments: Environments, dev_witness: Witness, prod_witness: Witness) -> None:
    location = str(environments.dev.storage)
    source = fill_in(
        public_script("code_snippets/migration.py"),
        project_name=PROJECT_NAME,
        env_url_source=environments.dev.url,
        u_name_source="Administrator",
        u_pass_source=PASSWORD,
        env_url_target=environments.prod.url,
        u_name_target="Administrator",
        u_pass_target=PASSWORD,
        storage_alias="Shared packages",
        storage_location=location,
        migrated_metric_id=PROFIT,
        search_obj_id=SEARCH_FOR_SALES_METRICS,
        target_project_name=PROJECT_NAME,
        reuse_target_project_name=PROJECT_NAME,
        reverse_target_project_id=PROJECT,
        file_mig_target_project_name=PROJECT_NAME,
        migrated_user_id=SUSTAINABILITY_OFFICER,
        merge_target_project_name=PROJECT_NAME,
    )
    # The location of a bucket is a literal of the snippet; here it is the folder of both servers.
    source = source.replace("new_s3_location", location)
    output = run_script(source, ending="print('the end:', len(all_migs), my_obj_mig_target.import_info.status.value)")
    assert re.search(r"the end: 0 (imported|undoing|undo_success)", output)
    assert dev_witness.listed() == []
    assert len(prod_witness.listed()) == 3, "the migration, its reuse, and the one from a file"
    statuses = [prod_witness.record(id)["importInfo"]["status"] for id in prod_witness.listed()]
    assert "import_failed" not in statuses
    assert "undo_failed" not in statuses


def test_the_workflow_of_active_users(dev: Connection, dev_server: Server, dev_witness: Witness) -> None:
    output = run_script(
        workflow("migrate_active_users.py"),
        ending=WAIT + "print('users', len(content_info))",
        connectionData=connection_data(dev_server.url, dev),
    )
    record = newest(dev_witness)
    users = [line for line in dev_witness.dump().values() if line["subtype"] == 8704]
    active = {line["id"] for line in users if line["definition"].get("enabled", True)}
    assert f"users {len(active)}" in output
    # It asks for a package of a project, in which no user can be: the script ends well, and the record says why not.
    assert record["packageInfo"]["status"] == "create_failed"
    assert "cannot be part of a project package" in record["packageInfo"]["message"]


def test_the_workflow_of_modified_objects_when_nothing_was_modified(
    prod: Connection, prod_server: Server, prod_witness: Witness
) -> None:
    run_script(
        workflow("migrate_last_modified_objects.py"),
        ending=WAIT,
        connectionData=connection_data(prod_server.url, prod),
    )
    record = newest(prod_witness)
    assert record["packageInfo"]["status"] == "created", record["packageInfo"]["message"]
    assert record["packageInfo"]["tocView"]["content"] == []


def test_the_workflow_of_modified_objects(dev: Connection, dev_server: Server, dev_witness: Witness) -> None:
    changed = dev_witness.call("PUT", f"/objects/{YEAR}", PROJECT, params={"type": 12}, json={"description": "changed"})
    assert changed.ok
    # The workflow reads attributes of what its search finds, which are dictionaries unless objects are asked for.
    found = "begin_modification_time=DATE_CUTOFF_STR"
    source = workflow("migrate_last_modified_objects.py")
    assert source.count(found) == 1
    run_script(
        source.replace(found, f"{found}, to_dictionary=False"),
        ending=WAIT,
        connectionData=connection_data(dev_server.url, dev),
    )
    record = newest(dev_witness)
    assert record["packageInfo"]["status"] == "created", record["packageInfo"]["message"]
    content = {item["id"]: item["action"] for item in record["packageInfo"]["tocView"]["content"]}
    assert content == {YEAR: "replace"}


def test_the_steps_of_a_flow(
    dev: Connection, dev_server: Server, prod_server: Server, dev_witness: Witness, prod_witness: Witness
) -> None:
    session = connection_data(dev_server.url, dev)
    create = fill_in(
        public_script("script-templates/flow_step_create_migration.py"),
        source_project_name=PROJECT_NAME,
        search_object_id=SEARCH_FOR_SALES_METRICS,
        migration_name="made by a flow",
    )
    output = run_script(create, ending="print('result', get_results())", connectionData=session)
    [migration] = re.findall(r"result (\S+)", output)
    content = dev_witness.record(migration)["packageInfo"]["tocView"]["content"]
    assert PROFIT in {item["id"] for item in content}

    execute = fill_in(
        public_script("script-templates/flow_step_execute_migration.py"),
        source_project_name=PROJECT_NAME,
        target_base_url=prod_server.url,
        migration_id=migration,
        migration_name=None,
        **TARGET,
    )
    assert "Successfully migrated" in run_script(execute, connectionData=session)
    source, target = dev_witness.dump(PROJECT), prod_witness.dump(PROJECT)
    assert [target[(item["type"], item["id"])] for item in content] == [
        source[(item["type"], item["id"])] for item in content
    ]


def test_the_project_merge_of_a_flow(
    dev: Connection, dev_server: Server, prod_server: Server, dev_witness: Witness, prod_witness: Witness
) -> None:
    merge = fill_in(
        public_script("script-templates/flow_step_project_merge.py"),
        source_project_name=PROJECT_NAME,
        target_base_url=prod_server.url,
        **TARGET,
    )
    output = run_script(merge, connectionData=connection_data(dev_server.url, dev))
    assert "finished successfully" in output
    source, target = dev_witness.dump(PROJECT), prod_witness.dump(PROJECT)
    different = {key for key in source if key[0] != FOLDER and source[key]["version"] != target[key]["version"]}
    assert different <= {(14, "4C4F01028B41A8482671F43EE94C23E8")}, "all but the system hierarchy"


@pytest.fixture(autouse=True)
def the_session_outlives_the_scripts(dev: Connection) -> None:
    assert dev.user_id == ADMINISTRATOR


WAIT = """
from time import sleep
from mstrio.object_management.migration import PackageStatus
while my_obj_mig_alt.package_info.status == PackageStatus.CREATING:
    sleep(0.1)
    my_obj_mig_alt.fetch()
"""


def newest(witness: Witness) -> dict:
    record = witness.record(witness.listed()[0])
    assert record is not None
    return record
