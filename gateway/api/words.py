"""What the gateway itself says to people: titles by kind of error, and details by code."""

from __future__ import annotations

from services.errors import VigenciaError

DEFAULT_LANGUAGE = "pt-BR"
LANGUAGES = ("pt-BR", "en")

TITLES: dict[str, dict[str, str]] = {
    "refused": {"pt-BR": "Não permitido pelas regras", "en": "The rules say no"},
    "invalid": {"pt-BR": "Dados inválidos", "en": "Invalid input"},
    "not-found": {"pt-BR": "Não encontrado", "en": "Not found"},
    "forbidden": {"pt-BR": "Sem permissão", "en": "Not allowed"},
    "conflict": {"pt-BR": "Conflito", "en": "Conflict"},
    "unavailable": {"pt-BR": "Indisponível no momento", "en": "Not available now"},
    "outcome-unknown": {"pt-BR": "Resultado desconhecido", "en": "Outcome unknown"},
    "unauthenticated": {"pt-BR": "Identificação necessária", "en": "Please log in"},
    "too-many": {"pt-BR": "Tentativas demais", "en": "Too many tries"},
    "error": {"pt-BR": "Erro interno", "en": "Internal error"},
}

DETAILS: dict[str, dict[str, str]] = {
    "page.confirm-missing": {
        "pt-BR": "Nada foi feito: marque que leu o que vai acontecer.",
        "en": "Nothing was done: tick that you read what will happen.",
    },
    "unauthenticated": {
        "pt-BR": "Envie um token válido em Authorization: Bearer … (POST /api/v1/session).",
        "en": "Send a valid token in Authorization: Bearer … (POST /api/v1/session).",
    },
    "login.failed": {"pt-BR": "Usuário ou senha incorretos.", "en": "Wrong user name or password."},
    "too-many-attempts": {
        "pt-BR": "Tentativas demais. Espere {minutes} min e tente de novo, ou peça um link por e-mail.",
        "en": "Too many tries. Wait {minutes} min and try again, or have a link mailed to you.",
    },
    "too-many-calls": {
        "pt-BR": "São permitidas {most} chamadas por minuto. Tente de novo em {seconds} s.",
        "en": "{most} calls a minute are allowed. Try again in {seconds} s.",
    },
    "one-time.unknown": {
        "pt-BR": "Este endereço não vale. Confira se copiou o link inteiro, ou peça outro.",
        "en": "This address is not valid. See whether you copied the whole link, or ask for another one.",
    },
    "one-time.over": {
        "pt-BR": "Este link já foi usado ou seu prazo terminou. Peça outro.",
        "en": "This link was used already, or its time is over. Ask for another one.",
    },
    "session.unknown": {"pt-BR": "Este acesso não existe.", "en": "There is no such login."},
    "session.over": {
        "pt-BR": "O acesso terminou. Entre de novo.",
        "en": "The session is over. Please log in again.",
    },
    "invitation.accepted": {
        "pt-BR": "Esta pessoa já escolheu uma senha; não precisa de convite.",
        "en": "This person has chosen a password already, and needs no invitation.",
    },
    "invitation.user-locked": {
        "pt-BR": "O acesso está bloqueado: desbloqueie antes de convidar.",
        "en": "The account is locked: unlock it before you invite.",
    },
    "invitation.too-often": {
        "pt-BR": "O convite acabou de ser enviado algumas vezes. Espere alguns minutos.",
        "en": "The invitation was just sent several times. Please wait some minutes.",
    },
    "invitation.not-possible": {
        "pt-BR": "Não é possível convidar este endereço. Fale conosco.",
        "en": "This address cannot be invited. Please speak with us.",
    },
    "erasure.unknown": {"pt-BR": "Este pedido não existe.", "en": "There is no such request."},
    "erasure.decided": {
        "pt-BR": "Este pedido já foi decidido.",
        "en": "This request was decided already.",
    },
    "erasure.not-a-customers-person": {
        "pt-BR": "Só contatos de clientes pedem isto aqui; colaboradores falam com a empresa.",
        "en": "Only customers' contacts ask for this here; staff speak with the company.",
    },
    "history.no-such-thing": {
        "pt-BR": "Não há histórico de «{thing}».",
        "en": "There is no history of “{thing}”.",
    },
    "invitation.no-address": {
        "pt-BR": "Falta o e-mail deste contato: informe-o antes de convidar.",
        "en": "This contact has no e-mail address: enter it before you invite.",
    },
    "accounting.role-unknown": {"pt-BR": "Este papel contábil não existe.", "en": "There is no such role."},
    "access.scope-missing": {
        "pt-BR": "A chave não tem o escopo {scope}.",
        "en": "The key does not have the scope {scope}.",
    },
    "api-key.unknown": {"pt-BR": "Esta chave não existe.", "en": "There is no such key."},
    "api-key.shown-once": {
        "pt-BR": "Esta chave já foi criada e só é mostrada uma vez. Revogue-a e crie outra.",
        "en": "This key was made already, and is shown only once. Revoke it and make another one.",
    },
    "feed.unknown": {"pt-BR": "O serviço {service} não tem feed.", "en": "The service {service} has no feed."},
    "feed.diverged": {
        "pt-BR": "O feed não tem mais a história que você seguiu: {reason}.",
        "en": "The feed no longer has the history that you followed: {reason}.",
    },
    "webhook.unknown": {"pt-BR": "Este webhook não existe.", "en": "There is no such webhook endpoint."},
    "webhook.shown-once": {
        "pt-BR": "Este webhook já foi criado e o segredo só é mostrado uma vez. Gere outro segredo (rotate).",
        "en": "This endpoint was made already, and its secret is shown only once. Rotate it to get another one.",
    },
    "webhook.https-demanded": {
        "pt-BR": "O endereço deve começar com https://.",
        "en": "The address must begin with https://.",
    },
    "webhook.address-refused": {
        "pt-BR": "Eventos não são enviados a endereços internos ou reservados.",
        "en": "Events are not posted to internal or reserved addresses.",
    },
    "webhook.diverged": {
        "pt-BR": "Um feed não tem mais a história que este webhook seguiu. Escolha de onde continuar (send-again).",
        "en": "A feed no longer has the history that this endpoint followed. Say where to go on (send-again).",
    },
    "webhook.too-many-secrets": {
        "pt-BR": "Já há {most} segredos válidos. Espere que um termine, ou encerre-os já (overlap_hours 0).",
        "en": "There are {most} valid secrets already. Wait until one ends, or end them now (overlap_hours 0).",
    },
    "webhook.too-many": {
        "pt-BR": "Uma chave pode ter até {most} webhooks.",
        "en": "A key may have {most} webhook endpoints at most.",
    },
    "webhook.not-heard": {
        "pt-BR": "O filtro deste webhook não recebe nada de {service}.",
        "en": "This endpoint's filter lets nothing of {service} in.",
    },
    "webhook.no-such-offset": {
        "pt-BR": "O feed não tem essa posição ({offset}).",
        "en": "The feed has no such offset ({offset}).",
    },
    "webhook.not-waiting": {
        "pt-BR": "Nenhum evento espera nessa posição ({offset}).",
        "en": "No event waits at this offset ({offset}).",
    },
    "mail.unknown": {"pt-BR": "Este e-mail não existe.", "en": "There is no such mail."},
    "mail.not-to-be-sent-again": {
        "pt-BR": "Este e-mail não pode ser enviado de novo: espera, foi enviado ou foi descartado.",
        "en": "This mail cannot be sent again: it waits, was sent, or was dropped.",
    },
    "mail.text-unknown": {"pt-BR": "Este texto não existe.", "en": "There is no such text."},
    "user.unknown": {"pt-BR": "Este usuário não existe.", "en": "There is no such user."},
    "user.login-taken": {
        "pt-BR": "O nome de usuário «{login}» já está em uso.",
        "en": "The user name “{login}” is already taken.",
    },
    "user.last-manager": {
        "pt-BR": "É o último gerente ativo: dê antes este perfil a outra pessoa.",
        "en": "This is the last active manager: give somebody else that role first.",
    },
    "file.too-large": {
        "pt-BR": "O arquivo é grande demais: no máximo {most_mb} MB.",
        "en": "The file is too large: at most {most_mb} MB.",
    },
    "file.kind-not-accepted": {
        "pt-BR": "Este tipo de arquivo não é aceito, ou o conteúdo não é o que o tipo diz. Aceitos: {accepted}.",
        "en": "This kind of file is not accepted, or its content is not what its kind says. Accepted: {accepted}.",
    },
    "file.image-too-large": {
        "pt-BR": "A imagem é grande demais: no máximo {most} milhões de pixels.",
        "en": "The image is too large: at most {most} million pixels.",
    },
    "equipment.label-unknown": {
        "pt-BR": "Nenhum equipamento com a etiqueta {label}.",
        "en": "There is no equipment with the label {label}.",
    },
    "password.wrong": {"pt-BR": "A senha atual não confere.", "en": "The current password is not right."},
    "access.denied": {"pt-BR": "Seu perfil não permite esta operação.", "en": "Your role does not allow this."},
    "access.right-missing": {
        "pt-BR": "Falta-lhe o direito «{right}» para este cliente.",
        "en": "You lack the right “{right}” for this customer.",
    },
    "not-found": {"pt-BR": "Não existe, ou não é seu.", "en": "It does not exist, or is not yours."},
    "route.not-found": {"pt-BR": "Não há nada neste endereço.", "en": "There is nothing at this address."},
    "invalid": {"pt-BR": "Corrija os campos indicados.", "en": "Correct the fields that are named."},
    "idempotency-key.invalid": {
        "pt-BR": "Idempotency-Key deve ter de 8 a 64 letras, dígitos ou . _ : -",
        "en": "Idempotency-Key must be 8 to 64 letters, digits or . _ : -",
    },
    "cursor.invalid": {"pt-BR": "O cursor não é desta lista.", "en": "The cursor is not of this list."},
    "version-conflict": {
        "pt-BR": "Alguém alterou o mesmo registro ao mesmo tempo. Tente de novo.",
        "en": "Somebody else changed the same thing at the same time. Please try again.",
    },
    "command-id-reused": {
        "pt-BR": "Esta Idempotency-Key já foi usada para outro pedido.",
        "en": "This Idempotency-Key was already used for something else.",
    },
    "internal": {
        "pt-BR": "Algo falhou do nosso lado. Nada foi perdido; tente de novo.",
        "en": "Something failed on our side. Nothing was lost; please try again.",
    },
    "payload.too-large": {"pt-BR": "O pedido é grande demais.", "en": "The request is too large."},
    "page.file-missing": {"pt-BR": "Escolha um arquivo.", "en": "Please choose a file."},
    "page.file-too-large": {
        "pt-BR": "O arquivo é grande demais para esta tabela.",
        "en": "The file is too large for this table.",
    },
    "page.logo-unreadable": {
        "pt-BR": "O logotipo precisa ser uma imagem PNG ou JPEG de até 1 MB e 4 milhões de pixels.",
        "en": "The logo must be a PNG or JPEG image of at most 1 MB and 4 million pixels.",
    },
    "page.protocol-unknown": {
        "pt-BR": "Não há atendimento com o protocolo «{protocol}».",
        "en": "There is no request with the protocol “{protocol}”.",
    },
    "live.full": {
        "pt-BR": "Há páginas abertas demais agora. Ela não se atualiza sozinha por enquanto.",
        "en": "Too many pages are open now. This one does not update by itself for a while.",
    },
    "page.too-many-photos": {"pt-BR": "No máximo {most} fotos de uma vez.", "en": "At most {most} photos at once."},
    "page.text-missing": {"pt-BR": "Escreva algumas palavras.", "en": "Please write some words."},
    "form.foreign": {
        "pt-BR": "Este formulário não veio destas páginas. Nada foi feito.",
        "en": "This form did not come from these pages. Nothing was done.",
    },
    "outbox.incomplete": {"pt-BR": "Falta informar: {missing}.", "en": "Missing: {missing}."},
    "outbox.file-missing": {
        "pt-BR": "O arquivo ainda não chegou; envie-o e tente de novo.",
        "en": "The file is not here yet; send it and try again.",
    },
    "visit.of-another-technician": {
        "pt-BR": "Esta visita é de outro técnico.",
        "en": "This visit is another technician's.",
    },
    "journey.unknown": {
        "pt-BR": "Nenhum serviço conhece «{reference}»: nem protocolo, nem atendimento, nem correlação.",
        "en": "No service knows “{reference}”: no request, no correlation id.",
    },
    "link.unknown": {
        "pt-BR": "Este endereço não vale, ou não vale mais para você.",
        "en": "This address is not valid, or not for you any more.",
    },
    "link.expired": {
        "pt-BR": "O prazo deste endereço terminou. Entre no portal ou fale conosco.",
        "en": "The time of this address is over. Log in to the portal, or speak with us.",
    },
    "method.not-allowed": {"pt-BR": "Método não permitido aqui.", "en": "This method is not allowed here."},
}

_BY_KIND: dict[str, dict[str, str]] = {
    "unavailable": {
        "pt-BR": "Uma parte do sistema não responde. Nada foi feito; tente de novo em instantes.",
        "en": "A part of the system does not answer. Nothing was done; please try again in a moment.",
    },
    "outcome-unknown": {
        "pt-BR": "Não houve resposta a tempo. Repita com a mesma Idempotency-Key para saber o resultado.",
        "en": "No answer came in time. Send it again with the same Idempotency-Key to learn the outcome.",
    },
}


def title(kind: str, lang: str) -> str:
    return TITLES.get(kind, TITLES["error"])[lang]


def detail(error: VigenciaError, lang: str) -> str:
    """The service's own words if it sent some, else the gateway's, else the code with its parameters."""
    if words := error.words.get(lang) or error.words.get(DEFAULT_LANGUAGE):
        return words
    known = DETAILS.get(error.code) or _BY_KIND.get(error.kind)
    if known is None and error.kind == "not-found":
        known = DETAILS["not-found"]
    if known is None:
        return str(error)
    try:
        return known[lang].format_map(error.params)
    except (KeyError, IndexError, ValueError):
        return known[lang]
