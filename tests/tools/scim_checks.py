"""Holds a SCIM server against scim2-tester, with values within the lengths that the server advertises.

    scim_checks.py whole URL TOKEN     all of its checks: no error
    scim_checks.py partial URL TOKEN   no way to create users: discovery, reading and changing, and 501 with a reason for POST
    scim_checks.py client URL TOKEN    a life of a user with scim2-client
"""

import re
import sys

import httpx2
import scim2_tester.checkers.patch_add
import scim2_tester.checkers.patch_replace
import scim2_tester.filling
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import PatchOp, PatchOperation, SearchRequest
from scim2_tester import Status, check_server

LENGTHS = re.compile(r"(?:From (\d+) to|At most) (\d+) characters\.")


def lengths(schemas):
    """The most characters of each attribute, by the end of its path."""
    found = {}

    def walk(attributes, above):
        for attribute in attributes:
            name = [*above, attribute["name"]]
            stated = LENGTHS.search(attribute.get("description", ""))
            if stated:
                found[".".join(name).lower()] = int(stated[2])
            walk(attribute.get("subAttributes", []), name)

    for schema in schemas:
        walk(schema["attributes"], [])
    return found


def keep_within(limits):
    """Cuts the values that the tester makes up."""
    original = scim2_tester.filling.generate_random_value

    def generate(context, path, mutability=None, required=None):
        value = original(context, path=path, mutability=mutability, required=required)
        limit = limits.get(str(path).rsplit(":", 1)[-1].lower())
        return value[-limit:] if limit and isinstance(value, str) else value

    scim2_tester.filling.generate_random_value = generate
    scim2_tester.checkers.patch_add.generate_random_value = generate
    scim2_tester.checkers.patch_replace.generate_random_value = generate


def told(results):
    wrong = [result for result in results if result.status in (Status.ERROR, Status.CRITICAL)]
    for result in wrong:
        print(f"  {result.status.name} {result.title}: {result.reason}")
    done = sum(result.status == Status.SUCCESS for result in results)
    print(f"  {done} of {len(results)} checks passed, {len(wrong)} failed")
    return not wrong and done > 0


def partial(http, client):
    good = told(check_server(client, include_tags={"discovery", "misc"}))
    users = http.get("Users").json()["Resources"]
    assert users, "there is nobody to read"
    one = http.get("Users/" + users[0]["id"])
    assert one.status_code == 200 and one.json() == users[0], one.text
    name = {"op": "replace", "path": "displayName", "value": "Another name"}
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [name]}
    changed = http.patch("Users/" + users[0]["id"], json=patch)
    assert changed.status_code == 200 and changed.json()["displayName"] == "Another name", changed.text
    for active in (False, True):
        patch["Operations"] = [{"op": "replace", "path": "active", "value": active}]
        switched = http.patch("Users/" + users[0]["id"], json=patch)
        assert switched.status_code == 200 and switched.json()["active"] is active, switched.text
    whole = http.put("Users/" + users[0]["id"], json=users[0])
    assert whole.status_code == 200 and whole.json()["displayName"] == users[0]["displayName"], whole.text
    post = http.post("Users", json={"schemas": users[0]["schemas"], "userName": "new"})
    assert post.status_code == 501 and len(post.json()["detail"]) > 40, post.text
    print(f"  POST: {post.json()['detail']}")
    return good


def life(client):
    """Joins, is found, moves, leaves, comes back, is deleted."""
    client.discover()
    kind = client.get_resource_model("User")
    email = {"value": "kim.client@example.com", "type": "work", "primary": True}
    name = {"givenName": "Kim", "familyName": "Client"}
    person = {"userName": "kim.client", "externalId": "990001", "name": name, "active": True, "emails": [email]}
    made = client.create(kind.model_validate(person))
    assert made.id and made.active is True and made.meta.location.endswith(made.id), made

    def found(name):
        return client.query(kind, query_parameters=SearchRequest(filter=f'userName eq "{name}"'))

    def changed(path, value):
        return client.modify(kind, made.id, PatchOp[kind](operations=[PatchOperation(op="replace", path=path, value=value)]))

    same = found("KIM.CLIENT")
    assert same.total_results == 1 and same.resources[0].id == made.id, same
    assert changed("title", "Clerk").title == "Clerk"
    for active in (False, True):
        assert changed("active", active).active is active
    again = client.query(kind, made.id)
    again.title = "Manager"
    assert client.replace(again).title == "Manager"
    client.delete(kind, made.id)
    assert found("kim.client").total_results == 0
    print("  a life of a user with scim2-client")
    return True


def main(how, url, token):
    http = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    client = SyncSCIMClient(http)
    if how == "client":
        return life(client)
    keep_within(lengths(http.get("Schemas").json()["Resources"]))
    return told(check_server(client)) if how == "whole" else partial(http, client)


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
