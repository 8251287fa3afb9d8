"""What the command line says to people, in pt-BR and en. (Reasons for rejected rows: ``imports/words.py``.)"""

from __future__ import annotations

import os
from typing import Any

from services.errors import VigenciaError

WORDS: dict[str, dict[str, str]] = {
    # errors
    "import.file-unreadable": {
        "pt-BR": "Não consigo ler {path}: {reason}",
        "en": "Cannot read {path}: {reason}",
    },
    "dossier.whole": {
        "pt-BR": "Dossiê íntegro: {files} arquivos e {events} eventos como foram gravados.",
        "en": "The dossier is unaltered: {files} files and {events} events as they were recorded.",
    },
    "dossier.changed": {"pt-BR": "O dossiê foi alterado:", "en": "The dossier was changed:"},
    "dossier.unreadable": {"pt-BR": "Não consigo ler {file}.", "en": "Cannot read {file}."},
    "import.file-empty": {"pt-BR": "{path} está vazio.", "en": "{path} is empty."},
    "import.file-encoding": {
        "pt-BR": "{path} não está codificado em {encoding}; tente outro --encoding.",
        "en": "{path} is not encoded in {encoding}; try another --encoding.",
    },
    "import.file-broken": {
        "pt-BR": "{path} não é uma tabela legível (linha {row}): {reason}",
        "en": "{path} is no readable table (row {row}): {reason}",
    },
    "import.file-old-workbook": {
        "pt-BR": "{path} é uma planilha antiga (.xls); salve-a como .xlsx ou .csv.",
        "en": "{path} is an old workbook (.xls); save it as .xlsx or .csv.",
    },
    "import.columns-missing": {
        "pt-BR": "Faltam colunas: {missing}. O arquivo tem: {found}.",
        "en": "Columns are missing: {missing}. The file has: {found}.",
    },
    "import.mapping-unknown": {
        "pt-BR": "Mapeamento {mapping} desconhecido: não é arquivo nem um destes: {shipped}.",
        "en": "Unknown mapping {mapping}: neither a file nor one of: {shipped}.",
    },
    "import.mapping-kind": {
        "pt-BR": "O mapeamento {mapping} é para «{kind}», não para «{asked}».",
        "en": "The mapping {mapping} is for “{kind}”, not for “{asked}”.",
    },
    "system.none": {
        "pt-BR": "Nenhum sistema responde em {url}. Inicie um com «vigencia run» ou «vigencia stack».",
        "en": "No system answers at {url}. Start one with “vigencia run” or “vigencia stack”.",
    },
    "system.not-started": {
        "pt-BR": "O sistema não iniciou em {store}: {reason}",
        "en": "The system did not start on {store}: {reason}",
    },
    "system.store-in-use": {
        "pt-BR": "{store} já está em uso pelo processo {pid}. Encerre-o, ou indique outro --store.",
        "en": "{store} is in use by process {pid}. End it, or name another --store.",
    },
    "system.full-not-running": {
        "pt-BR": "{store} é do modo completo, que não está no ar. Inicie-o com «vigencia stack --store {store}».",
        "en": "{store} belongs to the full mode, which is not running. Start it with “vigencia stack --store {store}”.",
    },
    "system.no-secret": {
        "pt-BR": "Sem o segredo de {store} não posso me identificar em {url}. Indique VIGENCIA_TOKEN.",
        "en": "Without the secret of {store} I cannot identify myself at {url}. Set VIGENCIA_TOKEN.",
    },
    "system.answered": {
        "pt-BR": "O sistema respondeu {status}: {detail}",
        "en": "The system answered {status}: {detail}",
    },
    "system.lost": {
        "pt-BR": "O sistema deixou de responder ({reason}). Nada se perdeu: o mesmo comando continua de onde parou.",
        "en": "The system stopped answering ({reason}). Nothing is lost: the same command goes on where it was.",
    },
    "month": {
        "pt-BR": "«{value}» não é um mês; esperado AAAA-MM, por exemplo 2026-03.",
        "en": "“{value}” is no month; expected YYYY-MM, for example 2026-03.",
    },
    "day": {
        "pt-BR": "«{value}» não é um dia; esperado AAAA-MM-DD, por exemplo 2026-03-31.",
        "en": "“{value}” is no day; expected YYYY-MM-DD, for example 2026-03-31.",
    },
    "backup.not-empty": {
        "pt-BR": "{path} não está vazio; um backup vai para uma pasta nova.",
        "en": "{path} is not empty; a backup goes to a new folder.",
    },
    "backup.no-store": {
        "pt-BR": "Não há dados em {path}.",
        "en": "There is no data in {path}.",
    },
    "backup.none": {
        "pt-BR": "{path} não é um backup do Vigência.",
        "en": "{path} is no backup of Vigência.",
    },
    "backup.would-replace": {
        "pt-BR": "{path} já tem dados. Com --force eles vão para uma pasta ao lado e o backup toma o seu lugar.",
        "en": "{path} holds data. With --force it goes to a folder beside, and the backup takes its place.",
    },
    # work under way
    "using": {"pt-BR": "Sistema: {url} ({mode})", "en": "System: {url} ({mode})"},
    "starting": {
        "pt-BR": "Nada no ar: inicio o sistema em {store} para este comando …",
        "en": "Nothing runs: starting the system on {store} for this command …",
    },
    "settling": {"pt-BR": "Aguardando que todos os serviços saibam …", "en": "Waiting until every service knows …"},
    "settling-failed": {
        "pt-BR": "Aviso: depois de {seconds} s ainda há trabalho em andamento: {what}",
        "en": "Note: after {seconds} s there is still work under way: {what}",
    },
    # imports
    "contracts": {"pt-BR": "contratos", "en": "contracts"},
    "receivables": {"pt-BR": "títulos a receber", "en": "receivables"},
    "requests": {"pt-BR": "solicitações", "en": "requests"},
    "open-receivables": {"pt-BR": "títulos em aberto", "en": "open receivables"},
    "opening-credits": {"pt-BR": "adiantamentos", "en": "opening credits"},
    "provider.which": {
        "pt-BR": "Há várias empresas prestadoras; diga qual com --provider: {names}",
        "en": "There are several provider companies; say which by --provider: {names}",
    },
    "provider.unknown": {
        "pt-BR": "«{wanted}» não é CNPJ, nome ou id de uma empresa prestadora: {names}",
        "en": "“{wanted}” is no CNPJ, name or id of one provider company: {names}",
    },
    "import.mapping-missing": {
        "pt-BR": "Para {kind} é preciso dizer o mapeamento: --mapping NOME ou ARQUIVO.",
        "en": "For {kind} a mapping must be given: --mapping NAME or FILE.",
    },
    "reconciled.equal": {"pt-BR": "{name}: arquivo {file} = sistema {system}", "en": "{name}: file {file} = system {system}"},
    "reconciled.differs": {
        "pt-BR": "{name}: arquivo {file} ≠ sistema {system}",
        "en": "{name}: file {file} ≠ system {system}",
    },
    "reconciled.missing": {
        "pt-BR": "linha {row} ({reference}): {file} não está no sistema",
        "en": "row {row} ({reference}): {file} is not in the system",
    },
    "reconciled.row": {
        "pt-BR": "linha {row} ({reference}), {what}: arquivo {file}, sistema {system}",
        "en": "row {row} ({reference}), {what}: file {file}, system {system}",
    },
    "sum.rows": {"pt-BR": "registros", "en": "records"},
    "sum.monthly": {"pt-BR": "valor mensal", "en": "monthly price"},
    "sum.once": {"pt-BR": "valores únicos", "en": "charged once"},
    "sum.uses": {"pt-BR": "preços por uso", "en": "prices per use"},
    "sum.visits": {"pt-BR": "visitas por mês", "en": "visits a month"},
    "sum.suspended": {"pt-BR": "contratos suspensos", "en": "suspended contracts"},
    "sum.lines": {"pt-BR": "itens de cobrança", "en": "charge lines"},
    "sum.amount": {"pt-BR": "valor original", "en": "original amount"},
    "sum.withheld": {"pt-BR": "retido", "en": "withheld"},
    "sum.left": {"pt-BR": "saldo", "en": "left"},
    "provider.registered": {
        "pt-BR": "Ainda não havia empresa prestadora: cadastrei {name}, a da demonstração.",
        "en": "There was no provider company yet: registered {name}, the demo's.",
    },
    "reading": {"pt-BR": "Lendo {path}", "en": "Reading {path}"},
    "read-as": {
        "pt-BR": "{rows} linhas lidas ({encoding}{separator})",
        "en": "{rows} rows read ({encoding}{separator})",
    },
    "separator": {"pt-BR": ", separador «{separator}»", "en": ", separator “{separator}”"},
    "contracts-first": {"pt-BR": "contratos dos registros", "en": "the records' contracts"},
    "imported": {
        "pt-BR": "{read} {kind}: {imported} importados, {unchanged} sem mudança, {rejected} rejeitados",
        "en": "{read} {kind}: {imported} imported, {unchanged} unchanged, {rejected} rejected",
    },
    "rejected-to": {
        "pt-BR": "Linhas rejeitadas, com o motivo: {path}\nCorrija-as e importe esse arquivo como está.",
        "en": "Rejected rows, with reasons: {path}\nCorrect them and import that file as it is.",
    },
    # billing
    "billing": {"pt-BR": "Faturando {month}", "en": "Billing {month}"},
    "billed": {
        "pt-BR": "{month}: {contracts} contratos, {issued} títulos emitidos, total R$ {total}, {failed} com falha",
        "en": "{month}: {contracts} contracts, {issued} receivables issued, total BRL {total}, {failed} failed",
    },
    "bank.imported": {
        "pt-BR": "{rows} lançamentos: {settled} quitados, {noted} avisos do banco, {open} na lista de trabalho, {known} já "
        "conhecidos, {rejected} recusados, {unreadable} ilegíveis",
        "en": "{rows} rows: {settled} settled, {noted} bank messages, {open} in the work list, {known} known already, "
        "{rejected} refused, {unreadable} unreadable",
    },
    "bank.row-unreadable": {
        "pt-BR": "Linha {line}: não consigo ler ({reason})",
        "en": "Line {line}: cannot be read ({reason})",
    },
    # operations
    "due": {
        "pt-BR": "Até {until}: {done} feitos, {refused} recusados por regra, {failed} com falha",
        "en": "Until {until}: {done} done, {refused} refused by a rule, {failed} failed",
    },
    "rebuilt": {"pt-BR": "{service}: visão {view} refeita", "en": "{service}: view {view} made anew"},
    "retried": {"pt-BR": "{handled} eventos tratados; nada retido.", "en": "{handled} events handled; none left."},
    "retried.failed": {
        "pt-BR": "{handled} eventos tratados; o seguinte falhou de novo: {failed}",
        "en": "{handled} events handled; the next one failed again: {failed}",
    },
    "resumed": {"pt-BR": "{resumed} continua.", "en": "{resumed} runs again."},
    "discarded": {"pt-BR": "Evento descartado: {event}", "en": "Event discarded: {event}"},
    "user.password": {"pt-BR": "Senha", "en": "Password"},
    "user.password-missing": {
        "pt-BR": "Falta a senha na entrada padrão.",
        "en": "There is no password on standard input.",
    },
    "user.none": {"pt-BR": "Não há usuário «{login}».", "en": "There is no user “{login}”."},
    "user.added": {"pt-BR": "{login} pode entrar.", "en": "{login} may log in."},
    "user.password-set": {"pt-BR": "{login} tem uma nova senha.", "en": "{login} has a new password."},
    "key.added": {
        "pt-BR": "Chave {key_id} de {name}. Guarde-a agora, ela não será mostrada de novo:\n{key}",
        "en": "Key {key_id} of {name}. Keep it now, it is not shown again:\n{key}",
    },
    "secrets.shown": {
        "pt-BR": "Assina: {signing}. Ainda vale: {believed}.",
        "en": "Signs: {signing}. Still believed: {believed}.",
    },
    "secrets.rotated": {
        "pt-BR": "Agora assina: {signing}. Ainda vale: {believed}.",
        "en": "Signs now: {signing}. Still believed: {believed}.",
    },
    "secrets.given": {
        "pt-BR": "O segredo vem de {variable}: troque-o lá, guarde o anterior em {variable}_FORMER e reinicie os gateways.",
        "en": "The secret comes from {variable}: change it there, keep the one before in {variable}_FORMER, restart gateways.",
    },
    "secrets.none": {
        "pt-BR": "Não há segredos em {store}: nada foi iniciado ali.",
        "en": "There are no secrets in {store}: nothing was started there.",
    },
    "key.revoked": {"pt-BR": "A chave {key_id} não vale mais.", "en": "The key {key_id} opens nothing any more."},
    "webhook.added": {
        "pt-BR": "Webhook {endpoint_id} de {name}. Guarde o segredo agora, ele não será mostrado de novo:\n{secret}",
        "en": "Webhook {endpoint_id} of {name}. Keep its secret now, it is not shown again:\n{secret}",
    },
    "webhook.rotated": {
        "pt-BR": "Novo segredo de {name}; o anterior ainda assina por {hours} h. Guarde-o agora:\n{secret}",
        "en": "New secret of {name}; the one before still signs for {hours} h. Keep it now:\n{secret}",
    },
    "webhook.tested": {
        "pt-BR": "{outcome}: {told} em {milliseconds} ms",
        "en": "{outcome}: {told} within {milliseconds} ms",
    },
    "webhook.state": {"pt-BR": "{name}: {state} {reason}", "en": "{name}: {state} {reason}"},
    "webhook.again": {
        "pt-BR": "{name} recebe de novo a partir da posição {offset} de {service}/{partition}.",
        "en": "{name} gets everything again from offset {offset} of {service}/{partition} on.",
    },
    "webhook.skipped": {
        "pt-BR": "{name} não recebe o evento na posição {offset} de {service}/{partition}.",
        "en": "{name} does not get the event at offset {offset} of {service}/{partition}.",
    },
    "webhook.removed": {"pt-BR": "O webhook {endpoint_id} foi removido.", "en": "The webhook {endpoint_id} is removed."},
    "subscriber.added": {
        "pt-BR": "{user} pode ler as filas {queues}. Guarde a senha agora, ela não será mostrada de novo:\n{url}",
        "en": "{user} may read the queues {queues}. Keep the password now, it is not shown again:\n{url}",
    },
    "subscriber.revoked": {"pt-BR": "{user} não entra mais.", "en": "{user} is out."},
    "subscriber.none": {"pt-BR": "Não há assinante «{name}».", "en": "There is no subscriber “{name}”."},
    "subscriber.exists": {
        "pt-BR": "«{name}» já existe. Revogue-o antes de lhe dar outra senha.",
        "en": "“{name}” is there already. Revoke it before it gets another password.",
    },
    "subscriber.name": {
        "pt-BR": "«{name}»: letras minúsculas, dígitos e hífens, até 40, começando por uma letra.",
        "en": "“{name}”: lower-case letters, digits and hyphens, up to 40, beginning with a letter.",
    },
    "subscriber.service": {
        "pt-BR": "Não há serviço «{service}»; há: {known}.",
        "en": "There is no service “{service}”; there are: {known}.",
    },
    "subscriber.broker-setting": {
        "pt-BR": "VIGENCIA_BROKER_MANAGEMENT está definido, mas falta: {setting}",
        "en": "VIGENCIA_BROKER_MANAGEMENT is set, but this is missing: {setting}",
    },
    "subscriber.no-broker": {
        "pt-BR": "{store} não tem um RabbitMQ: só o modo completo («vigencia stack») tem.",
        "en": "{store} has no RabbitMQ: only the full mode (“vigencia stack”) has one.",
    },
    "subscriber.broker-silent": {
        "pt-BR": "Anotado, mas o RabbitMQ não respondeu ({reason}); vale a partir do seu próximo início.",
        "en": "Noted, but RabbitMQ did not answer ({reason}); it holds from its next start on.",
    },
    "migrated": {"pt-BR": "{store} está na forma desta versão.", "en": "{store} has this version's shape."},
    "backed-up": {
        "pt-BR": "Backup em {path} ({bytes} bytes). As chaves estão em {path}/keys: guarde-as à parte.",
        "en": "Backup in {path} ({bytes} bytes). The keys are in {path}/keys: keep them apart.",
    },
    "restored": {
        "pt-BR": "{path} restaurado (backup de {taken_at}); {erased_again} pessoas apagadas de novo.",
        "en": "{path} restored (backup of {taken_at}); {erased_again} persons erased again.",
    },
    # running
    "system.port-taken": {
        "pt-BR": "Não consigo escutar em {host}:{port} ({reason}). Indique outro --port.",
        "en": "Cannot listen on {host}:{port} ({reason}). Name another --port.",
    },
    "ready": {
        "pt-BR": "Vigência está no ar.\n  Portal {url}/\n  API    {url}/api/docs\n  Saúde  {url}/health\n  Dados  {store}",
        "en": "Vigência is up.\n  Portal  {url}/\n  API     {url}/api/docs\n  Health  {url}/health\n  Data    {store}",
    },
    "ready.logins": {"pt-BR": "Logins:", "en": "Logins:"},
    "ready.login": {"pt-BR": "  {login:<12} {password:<24} {who}", "en": "  {login:<12} {password:<24} {who}"},
    "ready.admin": {
        "pt-BR": "  admin        primeira senha em {place}",
        "en": "  admin        first password in {place}",
    },
    "ready.end": {"pt-BR": "Ctrl-C encerra.", "en": "Ctrl-C ends it."},
    # story
    "story.files": {"pt-BR": "Registros reais de {path}", "en": "Real records of {path}"},
    "story.month": {"pt-BR": "Mês {month} …", "en": "Month {month} …"},
    "story.own-files": {
        "pt-BR": "Os arquivos reais não estão aqui: uso os pequenos de {path}",
        "en": "The real files are not here: taking the small ones of {path}",
    },
    "story.agrees": {
        "pt-BR": "{mode}: as {lines} comparações conferem ({seconds} s).",
        "en": "{mode}: all {lines} comparisons agree ({seconds} s).",
    },
    "story.differs": {
        "pt-BR": "{mode}: {differing} de {lines} comparações DIFEREM ({seconds} s).",
        "en": "{mode}: {differing} of {lines} comparisons DIFFER ({seconds} s).",
    },
    "demo.filling": {"pt-BR": "Preenchendo a empresa de demonstração …", "en": "Filling in the demo company …"},
    "demo.done": {"pt-BR": "A empresa de demonstração está pronta.", "en": "The demo company is ready."},
}  # fmt: skip


def reader_language(chosen: str | None = None) -> str:
    """pt-BR when asked for or when the environment is Portuguese; else en."""
    told = chosen or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "pt-BR" if told.lower().startswith("pt") else "en"


def say(code: str, lang: str, **params: Any) -> str:
    return WORDS[code][lang].format(**params)


def tell(error: VigenciaError, lang: str) -> str:
    """An error in words: its own, the command line's, or its code."""
    if lang in error.words:
        return error.words[lang]
    if error.code in WORDS:
        return say(error.code, lang, **error.params)
    return str(error)
