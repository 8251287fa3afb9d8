"""A customer answers from his mail, on a phone, in a real browser: he confirms, scores, changes it; another contests."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

from gateway.pages.links import Link, Links
from services.settings import secret_for
from tests.system.browser import DESKTOP, PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, PICTURES, fits, picture

pytestmark = EMBEDDED


def resolved(house: House) -> tuple[dict[str, Any], str]:
    """A resolved request's evaluation, and the address that its contact is mailed."""
    evaluation = house.resolve(house.open_request(house.contract()))
    links = Links(secret_for(house.system.store, "tokens"))  # type: ignore[attr-defined]
    link = Link("evaluation", evaluation["evaluation_id"], house.customer_id, house.contact_id)
    return evaluation, f"{house.system.url}/l/{links.token(link)}"


def test_on_a_phone_the_customer_confirms_scores_and_changes_his_score(house: House, chrome: Browser) -> None:
    evaluation, address = resolved(house)
    for _ in range(3):  # a mail scanner was here before
        assert httpx.get(address).status_code == httpx.head(address).status_code == 200
    assert house.office.get(f"evaluations/{evaluation['evaluation_id']}")["status"] == "asked"
    with chrome.new_context(viewport=PHONE, locale="pt-BR", has_touch=True) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.goto(address)
        expect(page.get_by_role("heading", name="O serviço foi feito?")).to_be_visible()
        assert fits(page)
        picture(page, "phone-question")
        page.get_by_role("button", name="Sim, o serviço foi feito").tap()
        expect(page.get_by_role("heading", name="Obrigado! Que nota você dá?")).to_be_visible()
        picture(page, "phone-confirmed")
        page.get_by_label("2", exact=True).check(force=True)
        page.get_by_role("button", name="Enviar avaliação").tap()
        expect(page.get_by_role("alert")).to_contain_text("escreva um comentário")
        expect(page.get_by_label("2", exact=True)).to_be_checked()
        picture(page, "phone-refused")
        page.get_by_label("4", exact=True).check(force=True)
        page.get_by_label("Comentário").fill("Rápido e limpo.")
        page.get_by_role("button", name="Enviar avaliação").tap()
        expect(page.get_by_role("img", name="Nota 4")).to_be_visible()
        page.get_by_role("link", name="Alterar").tap()
        page.get_by_label("5", exact=True).check(force=True)
        page.get_by_role("button", name="Salvar alteração").tap()
        expect(page.get_by_role("img", name="Nota 5")).to_be_visible()
        assert fits(page)
        picture(page, "phone-rated")
        assert problems == [] or all("422" in each for each in problems)  # the browser notes the refused form
    said = house.office.get(f"evaluations/{evaluation['evaluation_id']}")
    assert (said["status"], said["score"], said["comment"], said["tacit"]) == ("confirmed", 5, "Rápido e limpo.", False)
    house.settle()
    assert house.office.get(f"requests/{evaluation['request_id']}")["status"] == "closed"


def test_at_a_desk_in_english_he_contests_and_the_request_is_open_again(house: House, chrome: Browser) -> None:
    evaluation, address = resolved(house)
    with chrome.new_context(viewport=DESKTOP, locale="en-GB") as context:
        page = context.new_page()
        page.goto(address)
        picture(page, "desktop-question")
        page.get_by_text("No, there still is a problem").click()
        page.get_by_label("What is still missing?").fill("It still drips.")
        picture(page, "desktop-contest")
        page.get_by_role("button", name="Contest the service").click()
        expect(page.get_by_role("heading", name="Understood: it is not solved yet")).to_be_visible()
        picture(page, "desktop-contested")
    house.settle()
    assert house.office.get(f"requests/{evaluation['request_id']}")["status"] == "in_progress"
    assert house.office.get(f"evaluations/{evaluation['evaluation_id']}")["follow_up"] == "open"


def test_by_keyboard_and_in_the_dark(house: House, chrome: Browser) -> None:
    """The first stop leads to the content; the button is reached by Tab and pressed by Enter."""
    _, address = resolved(house)
    with chrome.new_context(viewport=PHONE, locale="pt-BR", color_scheme="dark") as context:
        page = context.new_page()
        page.goto(address)
        picture(page, "phone-dark")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Ir para o conteúdo")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Sim, o serviço foi feito")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Obrigado! Que nota você dá?")).to_be_visible()
        page.goto(f"{house.system.url}/l/x")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
        picture(page, "phone-unknown")


def test_a_technician_s_day_report_and_dossier(house: House, tmp_path: Path) -> None:
    """From the outbox of a phone to a file that proves it: visit, part, signature; report, dossier, and a changed byte."""
    contract_id = house.contract()
    request_id = house.open_request(contract_id)
    me = house.technician.me["user_id"]
    visit_id = house.office.make(
        f"contracts/{contract_id}/visits", on=house.today.isoformat(), request_id=request_id, technician_id=me,
        service_type_id=house.service_id, site_id=house.site_id, equipment_ids=[house.equipment_id],
    )  # fmt: skip
    house.settle()
    [visit] = house.technician.get("technician/day", on=house.today.isoformat())["visits"]
    assert (visit["site"]["name"], visit["equipment"][0]["serial"]) == ("Unidade Centro", "SP24-0001")
    assert "120" not in str(visit["terms"])
    ink = Image.new("RGB", (240, 90), "white")
    ImageDraw.Draw(ink).line([(10, 60), (60, 20), (110, 70), (180, 25), (230, 55)], fill="black", width=4)
    ink.save(tmp_path / "ink.png")
    content = (tmp_path / "ink.png").read_bytes()
    file = house.technician.http.post("/api/v1/files", content=content, headers={"Content-Type": "image/png"}).json()
    now = datetime.now(UTC)

    def at(minutes: int) -> str:
        return (now - timedelta(minutes=minutes)).isoformat()

    drawn = {
        "document_kind": "signature",
        "sha256": file["sha256"],
        "name": "assinatura.png",
        "size": len(content),
        "media_type": "image/png",
    }
    entries: list[dict[str, Any]] = [
        {"key": "phone-004", "kind": "finish", "visit_id": visit_id, "occurred_at": at(10), "checklist": ["Filtros"]},
        {
            "key": "phone-003",
            "kind": "document",
            "visit_id": visit_id,
            "occurred_at": at(15),
            **drawn,
            **{"sha256": file["sha256"]},
        },
        {"key": "phone-001", "kind": "start", "visit_id": visit_id, "occurred_at": at(60)},
        {
            "key": "phone-002",
            "kind": "part",
            "visit_id": visit_id,
            "occurred_at": at(30),
            "description": "Correia",
            "quantity": "1",
        },
    ]
    for sent in (entries[1:3], entries, entries):  # in part, then all of it, twice
        answers = house.technician.post("technician/outbox", entries=sent)["entries"]
        assert [each["status"] for each in answers] == ["done"] * len(sent), answers
    house.settle()
    [done] = house.office.list("visits", request_id=request_id)
    assert done["status"] == "done"
    house.technician.post(
        f"requests/{request_id}/work", performed_on=house.today.isoformat(), quantity="3", description="Dreno"
    )
    house.resolve(request_id)
    house.technician.post(f"requests/{request_id}/report")
    house.bill(contract_id)
    dossier = house.office.http.get(f"/api/v1/requests/{request_id}/dossier")
    assert dossier.status_code == 200, dossier.text
    with zipfile.ZipFile(io.BytesIO(dossier.content)) as archive:
        charges = json.loads(archive.read("charges.json"))
        report = archive.read("report.pdf")
    [charge] = charges  # the hour beyond the two that are included points back to its work, and on to what is owed
    [billed] = house.office.list("receivables", contract_id=contract_id)
    assert charge["state"] == "billed"
    assert charge["explanation"]["source_label"] == house.office.get(f"requests/{request_id}")["protocol"]
    named = {name: charge["receivable"][name] for name in ("receivable_id", "number", "net", "status")}
    assert named == {name: billed[name] for name in named}
    if PICTURES:
        (Path(PICTURES) / "report.pdf").write_bytes(report)
    looked = house.office.http.post("/api/v1/dossiers/verification", content=dossier.content).json()
    assert (looked["ok"], looked["sealed"], looked["problems"]) == (True, True, [])
    changed = dossier.content.replace(b"request.json", b"request.jsoN", 1)
    looked = house.office.http.post("/api/v1/dossiers/verification", content=changed).json()
    assert (looked["ok"], any("request.json" in each for each in looked["problems"])) == (False, True)
