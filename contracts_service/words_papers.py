"""Refusals about papers, templates, places and number series in words for people."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "contract.tags-too-many": {
        "pt-BR": "Um contrato tem no máximo {most} etiquetas, de até {longest} letras.",
        "en": "A contract has at most {most} tags of up to {longest} letters.",
    },
    "contract.document-hash-invalid": {
        "pt-BR": "O resumo SHA-256 do documento não é válido.",
        "en": "The document's SHA-256 is not valid.",
    },
    "contract.document-without-name": {
        "pt-BR": "Dê um nome ao documento.",
        "en": "The document needs a name.",
    },
    "contract.document-exists": {
        "pt-BR": "Este documento já está anexado, com outro conteúdo.",
        "en": "This document is attached already, with another content.",
    },
    "contract.document-unknown": {
        "pt-BR": "O contrato não tem este documento.",
        "en": "The contract has no such document.",
    },
    "contract.renewal-not-offered": {
        "pt-BR": "Não há oferta de renovação para este período.",
        "en": "No renewal was offered for this term.",
    },
    "contract.renewal-declined": {
        "pt-BR": "A renovação deste período já foi recusada.",
        "en": "The renewal of this term was declined already.",
    },
    "contract.renewal-too-late": {
        "pt-BR": "O período terminou em {ended_on:%d/%m/%Y}: a oferta não vale mais.",
        "en": "The term ended on {ended_on}: the offer holds no longer.",
    },
    "customer.contact-unknown": {
        "pt-BR": "Esta pessoa não é conhecida: informe o nome dela.",
        "en": "This person is not known: a name is needed.",
    },
    "contract.addendum-accepted": {
        "pt-BR": "O aditivo {addendum} já foi aceito: corrija-o com outro aditivo.",
        "en": "Addendum {addendum} was accepted already: correct it by another addendum.",
    },
    "contract.addendum-unknown": {
        "pt-BR": "O contrato não tem o aditivo {addendum}.",
        "en": "The contract has no addendum {addendum}.",
    },
    "contract.signer-without-name": {
        "pt-BR": "Informe o nome de quem assinou.",
        "en": "Say who signed.",
    },
    "contract.signer-cpf-invalid": {
        "pt-BR": "O CPF de quem assinou não é válido.",
        "en": "The signer's CPF is not valid.",
    },
    "contract.text-changed": {
        "pt-BR": "O texto do contrato mudou: leia-o de novo antes de aceitar.",
        "en": "The contract's text has changed: read it again before you accept.",
    },
    "contract.not-authorised-to-accept": {
        "pt-BR": "Este contato não tem o direito de aprovar em nome do cliente.",
        "en": "This contact has no right to approve in the customer's name.",
    },
    "contract.site-unknown": {
        "pt-BR": "O local em {where} não é do cliente.",
        "en": "The site at {where} is not the customer's.",
    },
    "contract.equipment-unknown": {
        "pt-BR": "O equipamento em {where} não é do cliente.",
        "en": "The equipment at {where} is not the customer's.",
    },
    "template.name-missing": {
        "pt-BR": "Dê um nome ao modelo.",
        "en": "The template needs a name.",
    },
    "template.unknown": {
        "pt-BR": "Modelo não encontrado.",
        "en": "There is no such template.",
    },
    "template.retired": {
        "pt-BR": "O modelo foi retirado.",
        "en": "The template was retired.",
    },
    "provider.unknown": {
        "pt-BR": "Empresa prestadora não encontrada.",
        "en": "There is no such provider company.",
    },
    "provider.digits-out-of-range": {
        "pt-BR": "Um número tem de {low} a {high} algarismos.",
        "en": "A number has {low} to {high} digits.",
    },
    "provider.branch-of-itself": {
        "pt-BR": "Uma empresa não é filial de si mesma.",
        "en": "A company is no branch of itself.",
    },
    "provider.branch-unknown": {
        "pt-BR": "A matriz {branch_of} não está cadastrada.",
        "en": "The company {branch_of}, of which it would be a branch, is not registered.",
    },
    "provider.bank-invalid": {
        "pt-BR": "Dados bancários: {where} não pode ser {value!r}.",
        "en": "Bank details: {where} cannot be {value!r}.",
    },
    "provider.account-digit-wrong": {
        "pt-BR": "O dígito não confere com a agência {branch} e a conta {account}.",
        "en": "The check digit does not fit branch {branch} and account {account}.",
    },
    "provider.instructions-too-long": {
        "pt-BR": "O boleto tem espaço para {lines} linhas de instruções, de até {length} letras.",
        "en": "A boleto has room for {lines} lines of instructions of up to {length} letters.",
    },
    "provider.boleto-days-out-of-range": {
        "pt-BR": "Dias até o protesto e até o limite de pagamento: de 1 a {most}.",
        "en": "Days until protest and until the last payment are 1 to {most}.",
    },
}
