"""The company's logo on its papers: drawn where it is an image, left out where it is not."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from gateway.reports.logo import drawable, logo_of
from gateway.tests.unit.test_documents import PROVIDER, month
from gateway.tests.unit.world import World
from services.blobs import FolderBlobs


def picture(form: str = "PNG", size: tuple[int, int] = (80, 20)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, form)
    return made.getvalue()


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_an_uploaded_image_is_the_logo(blobs: FolderBlobs, form: str) -> None:
    content = picture(form)
    assert logo_of({"logo_sha256": blobs.put(content)}, blobs) == content


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4", b"\x89PNG\r\n\x1a\nbroken", picture()[:60], b"<svg/>", picture("GIF")]
)
def test_what_is_no_such_image_is_left_out(blobs: FolderBlobs, content: bytes) -> None:
    assert not drawable(content)
    assert logo_of({"logo_sha256": blobs.put(content)}, blobs) is None


def test_none_one_that_is_gone_and_one_too_large_are_left_out(blobs: FolderBlobs) -> None:
    assert logo_of({}, blobs) is None
    assert logo_of({"logo_sha256": "0" * 64}, blobs) is None
    assert not drawable(picture(size=(3000, 3000)))


def test_a_report_has_it_above_its_first_page() -> None:
    with_logo = month(provider={**PROVIDER, "logo": picture()})
    assert with_logo.count(b"/Subtype /Image") == 1
    assert b"/Subtype /Image" not in month()


def test_papers_that_services_draw_are_asked_for_with_it(world: World) -> None:
    services = world.services
    content = picture()
    sha256 = world.client("manager").post("/api/v1/files", data=content, content_type="image/png").get_json()["sha256"]
    services.answers["contracts.contract"] = {"contract_id": "c-A", "provider_id": "p"}
    services.answers["contracts.providers"] = {"items": [{**PROVIDER, "provider_id": "p", "logo_sha256": sha256}]}
    services.answers["contracts.people"] = {"people": {}}
    services.answers["billing.receivable"] = {"receivable_id": "r-A", "customer_id": "A", "contract_id": "c-A"}
    services.answers["contracts.contract_pdf"] = {"content": "", "media_type": "application/pdf", "name": "c.pdf"}
    services.answers["billing.receivable_pdf"] = {"content": "", "media_type": "application/pdf", "name": "x.pdf"}
    assert world.client("finance").get("/api/v1/receivables/r-A/pdf").status_code == 200
    assert world.client("ana").get("/api/v1/contracts/c-A/pdf?language=en").status_code == 200
    asked = {payload.get("query"): payload["params"] for _, _, payload, _ in services.calls if payload.get("query")}
    for paper in ("receivable_pdf", "contract_pdf"):
        assert asked[paper]["logo"] == base64.b64encode(content).decode()
    assert asked["contract_pdf"]["language"] == "en"
