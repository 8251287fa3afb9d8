"""Files by their hash, contracts' documents and PDF, acceptance in the portal in the caller's own name."""

from __future__ import annotations

import base64
from typing import Any

from gateway.tests.unit.world import World
from services.blobs import digest

PDF = b"%PDF-1.7 ..."


def uploaded(world: World, content: bytes = PDF) -> str:
    answer = world.client("manager").post("/api/v1/files", data=content, content_type="application/pdf")
    assert (answer.status_code, answer.json["size"]) == (201, len(content))
    return str(answer.json["sha256"])


def test_a_file_is_uploaded_attached_and_read_again(world: World) -> None:
    sha256 = uploaded(world)
    assert uploaded(world) == sha256
    client = world.client("manager")
    document = {"sha256": sha256, "name": "contrato.pdf", "kind": "signed_contract", "media_type": "application/pdf"}
    answer = client.post("/api/v1/contracts/c-A/documents", json=document)
    assert answer.status_code == 201
    [command] = world.services.commands()
    assert (command["command"], command["payload"]["size"]) == ("attach_document", len(PDF))
    shown = [{**document, "document_id": answer.json["id"]}]
    world.services.answers["contracts.contract"] = {"contract_id": "c-A", "customer_id": "A", "documents": shown}
    path = f"/api/v1/contracts/c-A/documents/{answer.json['id']}"
    got = world.client("ana").get(path)
    assert (got.status_code, got.data, got.mimetype) == (200, PDF, "application/pdf")
    assert world.client("bob").get(path).status_code == 404
    assert client.get("/api/v1/contracts/c-A/documents/none").status_code == 404


def test_what_was_not_uploaded_is_not_attached_and_nothing_is_no_file(world: World) -> None:
    client = world.client("manager")
    document = {"sha256": "0" * 64, "name": "x", "kind": "other"}
    assert client.post("/api/v1/contracts/c-A/documents", json=document).status_code == 404
    assert client.post("/api/v1/files", data=b"").status_code == 400
    assert world.services.commands() == []


def test_a_file_is_never_shown_as_a_page_of_ours(world: World) -> None:
    """Also one that came in by another way, or before kinds were looked at."""
    refused = world.client("manager").post("/api/v1/files", data=b"<script>", content_type="application/pdf")
    assert (refused.status_code, refused.json["code"]) == (422, "file.kind-not-accepted")
    sha256 = world.flask.extensions["vigencia"].blobs.put(b"<script>alert(1)</script>")
    shown = [{"document_id": "d", "sha256": sha256, "name": "x.html", "media_type": "text/html"}]
    world.services.answers["contracts.contract"] = {"contract_id": "c-A", "customer_id": "A", "documents": shown}
    answer = world.client("manager").get("/api/v1/contracts/c-A/documents/d")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_pdf_comes_as_a_pdf(world: World) -> None:
    content = base64.b64encode(PDF).decode()
    world.services.answers["contracts.contract_pdf"] = {
        "content": content,
        "media_type": "application/pdf",
        "name": "contrato-2026-000001.pdf",
    }
    answer = world.client("ana").get("/api/v1/contracts/c-A/pdf")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")


def test_a_customer_accepts_as_himself_and_the_text_is_kept(world: World) -> None:
    text = "Contrato …"
    sha256 = digest(text.encode())
    read: dict[str, Any] = {"text": text, "sha256": sha256}
    world.services.answers["contracts.contract_text"] = read
    answer = world.client("ana").post("/api/v1/contracts/c-A/accept", json={"text_sha256": sha256})
    assert answer.status_code == 200
    [command] = world.services.commands()
    assert command["actor"] == "contact:ana"
    assert {name: command["payload"][name] for name in ("contact_id", "origin", "text_sha256")} == {
        "contact_id": "ana",
        "origin": "127.0.0.1",
        "text_sha256": sha256,
    }
    assert world.flask.extensions["vigencia"].blobs.get(sha256).decode() == text
    assert world.client("bea").post("/api/v1/contracts/c-B/accept", json={"text_sha256": sha256}).status_code == 403


def test_contracts_are_listed_by_tag(world: World) -> None:
    world.happened("contracts.contract.tags_changed", {"contract_id": "c-A", "customer_id": "A", "tags": ["x", "y"]})
    world.happened("contracts.contract.tags_changed", {"contract_id": "c-A", "customer_id": "A", "tags": ["y", "z"]})
    client = world.client("manager")
    found = {tag: [i["contract_id"] for i in client.get(f"/api/v1/contracts?tag={tag}").json["items"]] for tag in "xyz"}
    assert found == {"x": [], "y": ["c-A"], "z": ["c-A"]}
