"""The words of mails about an account: invitation, link to log in, new password, and what its owner should know of."""

from __future__ import annotations

from gateway.mail.texts import Template, en, pt

_WHO = ("person", "provider", "link")
_NOT_YOU_PT = "Se não foi você, ignore esta mensagem: nada muda."
_NOT_YOU_EN = "If it was not you, ignore this message: nothing changes."

ACCOUNT_TEMPLATES = (
    Template(
        "invitation",
        "",
        (*_WHO, "until"),
        {
            "pt-BR": pt(
                "Seu acesso ao portal de {provider}",
                "Você foi convidado a acompanhar tudo pelo portal: atendimentos, prazos, cobranças e documentos.\n"
                "Escolha sua senha e entre:\n{link}\n\nO convite vale uma vez, até {until}.",
            ),
            "en": en(
                "Your access to the portal of {provider}",
                "You are invited to see everything in the portal: requests, deadlines, charges and documents.\n"
                "Choose your password and come in:\n{link}\n\nThe invitation is good once, until {until}.",
            ),
        },
    ),
    Template(
        "login_link",
        "",
        (*_WHO, "until"),
        {
            "pt-BR": pt(
                "Seu link para entrar",
                "Entre sem senha por este endereço, que vale uma vez, até {until}:\n{link}\n\n" + _NOT_YOU_PT,
            ),
            "en": en(
                "Your link to log in",
                "Log in without a password at this address; it is good once, until {until}:\n{link}\n\n" + _NOT_YOU_EN,
            ),
        },
    ),
    Template(
        "password_reset",
        "",
        (*_WHO, "until"),
        {
            "pt-BR": pt(
                "Escolha uma nova senha",
                "Escolha uma nova senha por este endereço, que vale uma vez, até {until}:\n{link}\n\n" + _NOT_YOU_PT,
            ),
            "en": en(
                "Choose a new password",
                "Choose a new password at this address; it is good once, until {until}:\n{link}\n\n" + _NOT_YOU_EN,
            ),
        },
    ),
    Template(
        "password_changed",
        "",
        _WHO,
        {
            "pt-BR": pt(
                "Sua senha foi alterada",
                "A senha do seu acesso foi alterada, e os outros aparelhos saíram.\n"
                "Se não foi você, peça já uma nova senha em {link}, e fale conosco.",
            ),
            "en": en(
                "Your password was changed",
                "The password of your account was changed, and other devices were logged out.\n"
                "If it was not you, ask for a new password at once at {link}, and speak with us.",
            ),
        },
    ),
    Template(
        "new_device",
        "",
        (*_WHO, "at", "device"),
        {
            "pt-BR": pt(
                "Novo acesso à sua conta",
                "Alguém entrou na sua conta em {at}, por {device}.\nSe foi você, está tudo certo. "
                "Se não foi, escolha uma nova senha em {link}: isso encerra todos os acessos.",
            ),
            "en": en(
                "A new login to your account",
                "Somebody logged in to your account on {at}, with {device}.\nIf it was you, all is well. "
                "If not, choose a new password at {link}: that ends all logins.",
            ),
        },
    ),
    Template(
        "customer_added",
        "",
        (*_WHO, "customer"),
        {
            "pt-BR": pt(
                "Agora você também fala por {customer}",
                "Seu acesso passa a mostrar também o que é de {customer}. Entre como sempre: {link}",
            ),
            "en": en(
                "You now speak for {customer}, too",
                "Your account now also shows what belongs to {customer}. Log in as always: {link}",
            ),
        },
    ),
)
