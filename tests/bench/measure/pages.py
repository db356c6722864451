"""A whole vendor: one page of documentation, multiplied.

Enters: the committed page of SaveUser. Leaves: as many pages as are wanted, the same on every run, in the layout of that
page and of the size that the vendor's pages have. 60 agents with operations of six kinds on eight entities each, of which
two are shared by several agents; the properties of an entity, and their samples, are some of those of `User`.
"""

import json
import random
import re
from dataclasses import dataclass

AGENTS = """
    Appointment Archive Associate Audience Batch Bookmark Bounce Bulk Calendar Campaign Chat Company Configuration Consent
    Contact Country Currency Dashboard Database Device Diary Document Domain Email Event Export Extra Find Folder Foreign
    Geography Hierarchy Import Invoice Language License Link List Mailing Market Message Milestone Notification Note Person
    Phone Preference Pricing Product Project Quote Relation Replication Report Resource Sale Selection Ticket Timezone User
    """.split()
PARTS = ["", "Group", "Item", "Link", "Setting", "Type"]
SHARED = ["Tag", "Color", "Icon", "Comment", "Address", "Phone", "History", "Udef", "Rights", "Template", "Rate", "Stage"]
KINDS = ["Get{}", "Save{}", "CreateDefault{}", "Get{}List", "Delete{}", "Is{}Unique"]
ALWAYS = ["TableRight", "FieldProperties"]


@dataclass
class Source:
    """What the page is made of."""

    headers: str
    #: Rows of the tables by property.
    sent: dict
    answered: dict
    #: Samples by property.
    request: dict
    response: dict


def read(text):
    """Takes the page apart."""
    headers = re.search(r"## Request Headers\n.*?(?=\n## )", text, re.DOTALL).group()
    tables = [rows(part) for part in re.findall(r"\| Property Name .*?\n\n", text, re.DOTALL)]
    samples = [json.loads(part) for part in re.findall(r"```http[!_]\n.*?\n\n(\{.*?\n\})\n```", text, re.DOTALL)]
    return Source(headers, tables[0], tables[1], samples[0], samples[1])


def rows(table):
    """The rows of a table by their first cell."""
    return {row.split("|")[1].strip(): row for row in table.strip().splitlines()[2:]}


def pages(text, wanted):
    """Names and texts."""
    source = read(text)
    made = 0
    for agent in AGENTS:
        chosen = random.Random(agent)
        entities = [f"{agent}{part}" if part else f"{agent}Entity" for part in PARTS] + chosen.sample(SHARED, 2)
        for entity in entities:
            for kind in KINDS:
                yield page(source, agent, entity, kind)
                made += 1
                if made == wanted:
                    return
    # The agents' own operations are fewer than are wanted: one more of a kind that needs no entity.
    for number in range(made, wanted):
        agent = AGENTS[number % len(AGENTS)]
        yield page(source, agent, f"{agent}Count{number}", "Is{}Unique")


def page(source, agent, entity, kind):
    """One operation."""
    name = kind.format(entity)
    path = f"Agents/{agent}/{name}"
    uid = f"v1{agent}Agent_{name}"
    # An entity has the same properties wherever it is told of.
    chosen = random.Random(entity)
    size = chosen.randint(6, 14)
    own = sorted(chosen.sample(sorted(set(source.sent) - set(ALWAYS)), size), key=list(source.sent).index)
    saves, answers = kind.startswith("Save"), kind.startswith(("Get", "Save", "Create"))
    body, sent = request(source, entity, kind, own)
    sections = [
        f"---\ntitle: POST {path}\nuid: {uid}\ngenerated: true\ncontent_type: reference\n---\n",
        f"# POST {path}\n\n```http\nPOST /api/v1/{path}\n```\n",
        f"{'Updates' if saves else 'Answers'} the {entity} of the {agent} agent.\n\n\n\n",
    ]
    if answers and not saves:
        sections.append(SELECT.replace("PATH", path))
    sections += [source.headers, body]
    status, answer = "200 OK", None
    if kind.endswith("List"):
        sections.append(RESPONSE.replace("TYPE", "array") + table(source.answered, own + ALWAYS))
        answer = [pick(source.response, own + ALWAYS)]
    elif answers:
        section = RESPONSE.replace("Response:TYPE", "Response:").replace("TYPE", entity)
        sections.append(section + table(source.answered, own + ALWAYS))
        answer = pick(source.response, own + ALWAYS)
    elif kind.startswith("Is"):
        sections.append(RESPONSE.replace("TYPE", "bool"))
        answer = True
    else:
        sections.append(NOTHING)
        status = "204 No Content"
    said = "" if sent is None else f"Content-Type: application/json; charset=utf-8\n\n{dump(sent)}\n"
    sections += [
        f"## Sample request\n\n```http!\nPOST /api/v1/{path}\nAuthorization: Basic dGplMDpUamUw\n"
        f"Accept: application/json; charset=utf-8\nAccept-Language: en\n{said}```\n",
        f"## Sample response\n\n```http_\nHTTP/1.1 {status}\nContent-Type: application/json; charset=utf-8\n\n"
        f"{dump(answer)}\n```",
    ]
    return f"{uid}.md", "\n".join(sections)


def request(source, entity, kind, own):
    """The section of the body, and its sample."""
    if kind.startswith("Create"):
        return "", None
    if kind.startswith("Save"):
        section = f"## Request Body: {entity.lower()} \n\nThe {entity} that is saved \n\n{table(source.sent, own, True)}"
        return section, pick(source.request, own)
    rows = [f"| {entity}Id | Integer | The primary key. |", "| Name | String | The name to look for. |"]
    return (
        f"## Request Body: request \n\n{entity}Id, Name \n\n{HEAD}\n" + "\n".join(rows) + "\n",
        {f"{entity}Id": 428, "Name": "Kub, Bernier and Cartwright"},
    )


HEAD = "| Property Name | Type |  Description |\n|----------------|------|--------------|"
SELECT = """## Query String Parameters

| Parameter Name | Type |  Description |
|----------------|------|--------------|
| $select | string |  Optional comma separated list of properties to include in the result. Other fields are then nulled out to reduce payload size: "Name,department,category". Default = show all fields. |

```http
POST /api/v1/PATH?$select=name,department,category/id
```

"""
RESPONSE = """## Response:TYPE

OK

| Response | Description |
|----------------|-------------|
| 200 | OK |

### Response body: TYPE

"""
NOTHING = """## Response:

No Content

| Response | Description |
|----------------|-------------|
| 204 | No Content |

### Response body: TableRight

"""


def table(known, names, sent=False):
    """A table of some properties."""
    return HEAD + "\n" + "\n".join(known[name] for name in names if name in known) + "\n"


def pick(sample, names):
    """A sample of some properties."""
    return {name: sample[name] for name in names if name in sample}


def dump(value):
    """JSON as it stands in the pages."""
    return json.dumps(value, indent=2, ensure_ascii=False)
