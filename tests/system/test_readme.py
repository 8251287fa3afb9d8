"""The READMEs tell the truth: their journey runs as it stands there, and what they point to exists."""

from __future__ import annotations

import re
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.errors import Refused
from services.testing.app import MemoryApp
from tests.system.running import PROJECT, Embedded

READMES = ("README.md", "README.pt-BR.md")
ANYWHERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """What `make run` starts: the embedded mode with the demo company."""
    system = Embedded(tmp_path_factory.mktemp("demo") / "store")
    try:
        yield system.start()
    finally:
        system.stop()


def journey(readme: str) -> str:
    """The code between the journey's marks."""
    told = (PROJECT / readme).read_text("utf-8").split("<!-- journey -->")[1].split("<!-- /journey -->")[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", told, re.MULTILINE | re.DOTALL))


def promised(readme: str) -> list[str]:
    """What the README says that one will see, without what differs from day to day."""
    quoted = re.findall(r"^> (.+)$", (PROJECT / readme).read_text("utf-8"), re.MULTILINE)
    return [re.split(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", each)[0] for each in quoted]


@pytest.mark.parametrize("readme", READMES)
def test_the_journey_can_be_pasted(demo: Embedded, readme: str) -> None:
    """The blocks, one after the other, in a shell that ends at the first failure; and the answers are those promised."""
    script = journey(readme).replace(ANYWHERE, demo.url)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert len(promised(readme)) == 5
    for each in promised(readme):
        assert each in done.stdout
    last = done.stdout.strip().splitlines()[-1]
    assert re.search(r"225[.,]00\.$", last), last


@pytest.mark.parametrize("readme", READMES)
def test_what_it_prints_at_the_start_is_what_the_readme_shows(demo: Embedded, readme: str) -> None:
    """Addresses and logins in the order shown (in English here: the words follow the reader's language)."""
    text = (PROJECT / readme).read_text("utf-8")
    for login in re.findall(r"^  (\w+) +vigencia +(.+)$", text, re.MULTILINE):
        assert re.search(rf"^  {login[0]} +vigencia +{login[1]}$", demo.output(), re.MULTILINE)


@pytest.mark.parametrize("page", [*READMES, "services/README.md", "docs/architecture.md", "docs/operation.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    folder = (PROJECT / page).parent
    links = re.findall(r"\]\(([^)#\s]+)\)", (PROJECT / page).read_text("utf-8"))
    missing = [link for link in links if "://" not in link and not Path(folder / link).exists()]
    assert missing == []


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_that_is_named_exists(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", (PROJECT / readme).read_text("utf-8"))) - {"a"}
    assert named - targets == set()


def test_both_languages_tell_the_same() -> None:
    """The same headings, links and blocks of code, in the same number."""
    shapes = []
    for readme in READMES:
        text = (PROJECT / readme).read_text("utf-8")
        links = sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - set(READMES))
        shapes.append((len(re.findall(r"^## ", text, re.MULTILINE)), text.count("```"), links))
    assert shapes[0] == shapes[1]


def test_the_service_of_the_chassis_readme_works(tmp_path: Path) -> None:
    """It is a whole service: rules, a view, a policy, a question and its words."""
    text = (PROJECT / "services/README.md").read_text("utf-8")
    code = text.split("<!-- service -->")[1].split("<!-- /service -->")[0].strip().removeprefix("```python").rstrip("`")
    module = types.ModuleType("keys_service_of_the_readme")
    sys.modules[module.__name__] = module
    exec(compile(code, "services/README.md", "exec"), module.__dict__)
    app = MemoryApp(module.component(), str(tmp_path))

    assert app.send("hand_out", {"contract_id": "c1", "holder": "ana"}).events == ("keys.key.handed_out",)
    assert app.send("hand_out", {"contract_id": "c1", "holder": "ana"}).events == ()
    with pytest.raises(Refused) as refused:
        app.send("hand_out", {"contract_id": "c1", "holder": "bia"})
    assert refused.value.words["pt-BR"] == "A chave está com ana."
    assert app.query("who_holds", contract_id="c1")["holder"] == "ana"
    app.deliver([("contracts.contract.terminated", {"contract_id": "c1"})], source="contracts")
    assert app.query("who_holds", contract_id="c1")["demanded"] is True
    app.close()
