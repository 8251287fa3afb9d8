"""How mail looks on the command line."""

from email.message import EmailMessage

from vigencia import tables

ROW = {
    "mail_id": "m-1",
    "state": "sent",
    "template": "request_opened",
    "recipient_id": "ana",
    "due_at": "2026-11-24T12:00:00Z",
}


def test_a_mail_that_was_caught_is_shown_with_its_letters():
    made = EmailMessage()
    made["To"], made["Subject"] = "Ana <ana@a.example>", "Atendimento 2026-000001 aberto: Otávio"
    made.set_content("Olá, Ana.\n[não é marcação]\n")
    shown = tables.mails([{**ROW, "ended_at": None, "message": made.as_string()}])
    assert "Subject: Atendimento 2026-000001 aberto: Otávio" in shown
    assert "Olá, Ana." in shown
    assert "\\[não é marcação]" in shown  # no markup of rich's


def test_a_list_has_a_line_for_each():
    shown = tables.mails([{**ROW, "ended_at": "2026-11-24T12:00:05Z"}, {**ROW, "ended_at": None, "state": "waiting"}])
    assert [line.split()[2:4] for line in shown.splitlines()] == [
        ["sent", "request_opened"],
        ["waiting", "request_opened"],
    ]
