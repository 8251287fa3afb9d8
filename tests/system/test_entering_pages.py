"""From an invitation to a password to the portal, in a real browser on a phone: mailed links, one's account, colleagues; a
manager invites at his desk. Every page without a serious finding of axe-core, and nothing to scroll sideways."""

from __future__ import annotations

import email
import email.policy

from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.testing.running import wait_for
from tests.system.browser import DESKTOP, PHONE
from tests.system.house import House
from tests.system.seeing import EMBEDDED, looked_at

pytestmark = EMBEDDED

GOOD, BETTER = "trigo lua janela", "pedra vento laranja"


class Letters:
    """What arrives in the folder where mail is caught."""

    def __init__(self, house: House) -> None:
        self._folder = house.system.store / "mail"  # type: ignore[attr-defined]
        self._seen: set[str] = set()

    def link(self, to: str, subject: str) -> str:
        """The address in the next letter to somebody whose subject begins so."""
        return wait_for(lambda: self._find(to, subject), f"a letter to {to}: {subject}", seconds=60)

    def _find(self, to: str, subject: str) -> str:
        for file in sorted(self._folder.glob("*.eml")) if self._folder.exists() else ():
            if file.name in self._seen:
                continue
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if to in str(letter["To"]) and str(letter["Subject"]).startswith(subject):
                self._seen.add(file.name)
                text = letter.get_content()
                return next(word for word in text.split() if "/e/" in word)
        return ""


def phone(chrome: Browser, lang: str = "pt-BR") -> tuple[BrowserContext, Page, list[str]]:
    context = chrome.new_context(viewport=PHONE, locale=lang, has_touch=True)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    return context, page, refused


def test_from_an_invitation_to_the_portal_and_to_a_colleagues_own(house: House, chrome: Browser) -> None:
    """A customer's contact is invited, chooses a password, changes it, and lets a colleague in, who does the same."""
    letters, url = Letters(house), house.system.url
    house.office.post(f"customers/{house.customer_id}/contacts/{house.contact_id}/invitation")
    address = letters.link("contato@exemplo.example", "Seu acesso ao portal de Horizonte")
    assert address.startswith(f"{url}/e/")
    context, page, refused = phone(chrome)
    page.goto(address)
    expect(page.get_by_role("heading", name="Bem-vindo, Otávio Barreto")).to_be_visible()
    looked_at(page, "enter-invitation")
    page.get_by_label("Nova senha").fill("senha12345")
    page.get_by_label("A mesma senha outra vez").fill("senha12345")
    page.get_by_role("button", name="Salvar a senha e entrar").tap()
    expect(page.get_by_role("alert")).to_contain_text("uma das primeiras que alguém tentaria")
    looked_at(page, "enter-trivial")
    page.get_by_label("Nova senha").fill(GOOD)
    page.get_by_label("A mesma senha outra vez").fill(GOOD)
    page.get_by_role("button", name="Salvar a senha e entrar").tap()
    expect(page.get_by_role("heading", name="Olá, Otávio Barreto")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Este link já foi usado")).to_be_visible()
    looked_at(page, "enter-used")

    page.goto(f"{url}/account")
    expect(page.get_by_role("heading", name="Minha conta")).to_be_visible()
    looked_at(page, "account-phone")
    page.get_by_label("Senha atual").fill(GOOD)
    page.get_by_label("Nova senha").fill(BETTER)
    page.get_by_label("A mesma senha outra vez").fill(BETTER)
    page.get_by_role("button", name="Alterar a senha").tap()
    expect(page.get_by_role("status").filter(has_text="Senha alterada")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Baixar meus dados").tap()
    assert download.value.suggested_filename == "meus-dados.zip"

    page.get_by_role("link", name="Colegas").tap()
    expect(page.get_by_role("heading", name="Colegas", exact=True)).to_be_visible()
    page.get_by_text("Autorizar alguém").tap()
    looked_at(page, "colleagues-phone")
    page.get_by_label("Nome").fill("Eva Luz")
    page.get_by_label("E-mail (para o convite)").fill("eva@boavista.example")
    page.get_by_role("button", name="Autorizar e convidar").tap()
    expect(page.get_by_text("o convite está a caminho")).to_be_visible()
    looked_at(page, "colleagues-authorised")
    context.close()

    hers, page, _ = phone(chrome, "en-GB")
    page.goto(letters.link("eva@boavista.example", "Seu acesso ao portal de Horizonte"))
    expect(page.get_by_role("heading", name="Welcome, Eva Luz")).to_be_visible()
    page.get_by_label("New password").fill(GOOD)
    page.get_by_label("The same password again").fill(GOOD)
    page.get_by_role("button", name="Save the password and log in").tap()
    expect(page.get_by_role("heading", name="Hello, Eva Luz")).to_be_visible()
    page.goto(f"{url}/account/colleagues")
    expect(page.get_by_text("Otávio Barreto")).to_be_visible()
    expect(page.get_by_text("Authorise somebody")).to_have_count(0)
    looked_at(page, "colleagues-english")
    hers.close()
    assert refused == []


def test_who_forgot_his_password_comes_in_by_mail(house: House, chrome: Browser) -> None:
    """By a link with one tap, and by a new password; whoever asks for another's learns nothing."""
    letters, url = Letters(house), house.system.url
    house.office.write("PUT", f"users/{house.neighbour.me['user_id']}", {"email": "helena@exemplo.example"})
    context, page, refused = phone(chrome)
    page.goto(f"{url}/login")
    looked_at(page, "enter-login")
    page.get_by_role("link", name="Receber um link por e-mail").tap()
    expect(page.get_by_role("heading", name="Entrar sem senha")).to_be_visible()
    looked_at(page, "enter-wish")
    page.get_by_label("E-mail ou usuário").fill("helena@exemplo.example")
    page.get_by_role("button", name="Enviar o link").tap()
    expect(page.get_by_role("heading", name="Veja seu e-mail")).to_be_visible()
    looked_at(page, "enter-wished")
    page.goto(letters.link("helena@exemplo.example", "Seu link para entrar"))
    looked_at(page, "enter-link")
    page.get_by_role("button", name="Entrar").tap()
    expect(page.get_by_role("heading", name="Olá, helena")).to_be_visible()
    page.get_by_role("button", name="Sair").tap()
    page.get_by_role("link", name="Esqueci a senha").tap()
    page.get_by_label("E-mail ou usuário").fill("helena")
    page.get_by_role("button", name="Enviar o link").tap()
    page.goto(letters.link("helena@exemplo.example", "Escolha uma nova senha"))
    page.get_by_label("Nova senha").fill(GOOD)
    page.get_by_label("A mesma senha outra vez").fill(GOOD)
    page.get_by_role("button", name="Salvar a senha e entrar").tap()
    expect(page.get_by_role("heading", name="Olá, helena")).to_be_visible()
    page.goto(f"{url}/account")
    page.get_by_text("Apagar meus dados").tap()
    page.get_by_role("button", name="Pedir que apaguem meus dados").tap()
    expect(page.get_by_text("Você pediu que seus dados sejam apagados")).to_be_visible()
    looked_at(page, "account-wished")
    context.close()
    assert refused == []


def test_a_manager_invites_and_locks_at_his_desk(house: House, chrome: Browser) -> None:
    letters, url = Letters(house), house.system.url
    context = chrome.new_context(viewport=DESKTOP, locale="pt-BR")
    page = context.new_page()
    page.goto(f"{url}/login")
    page.get_by_label("Usuário ou e-mail").fill(house.system.admin[0])
    page.get_by_label("Senha").fill(house.system.admin[1])
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.get_by_role("link", name="Usuários").first.click()
    expect(page.get_by_role("heading", name="Usuários")).to_be_visible()
    looked_at(page, "users-desktop")
    form = page.locator("section", has=page.get_by_role("heading", name="Convidar alguém da equipe"))
    form.get_by_label("Nome").fill("Joana Reis")
    form.get_by_label("E-mail").fill("joana@horizonte.example")
    form.get_by_label("financeiro").check()
    form.get_by_role("button", name="Enviar o convite").click()
    expect(page.get_by_role("heading", name="Joana Reis")).to_be_visible()
    looked_at(page, "user-desktop")
    assert letters.link("joana@horizonte.example", "Seu acesso ao portal")
    page.get_by_role("button", name="Bloquear").click()
    expect(page.get_by_role("status")).to_contain_text("Acesso bloqueado")
    page.set_viewport_size(PHONE)
    looked_at(page, "user-phone")
    page.goto(f"{url}/console/users")
    looked_at(page, "users-phone")
    page.goto(f"{url}/console/erasures")
    looked_at(page, "erasures-phone")
    page.goto(f"{url}/account")
    page.set_viewport_size(DESKTOP)
    looked_at(page, "account-desktop")
    context.close()
