"""Every refusal in words for people: what the rule is, and where useful what would be allowed."""

from __future__ import annotations

from contracts_service import words_papers, words_terms

WORDS: dict[str, dict[str, str]] = {
    # provider companies
    "provider.cnpj-invalid": {
        "pt-BR": "O CNPJ {cnpj} não é válido.",
        "en": "The CNPJ {cnpj} is not valid.",
    },
    "provider.name-missing": {
        "pt-BR": "Informe a razão social da empresa.",
        "en": "The company needs a legal name.",
    },
    "provider.state-unknown": {
        "pt-BR": "{state} não é a sigla de um estado.",
        "en": "{state} is not a Brazilian state.",
    },
    "provider.time-zone-unknown": {
        "pt-BR": "O fuso horário {time_zone} não é conhecido.",
        "en": "The time zone {time_zone} is not known.",
    },
    "provider.exists": {
        "pt-BR": "Esta empresa já está cadastrada com outros dados.",
        "en": "This company is registered already, with other data.",
    },
    "provider.document-taken": {
        "pt-BR": "Já existe uma empresa cadastrada com este CNPJ.",
        "en": "Another company is registered with this CNPJ.",
    },
    # customers
    "customer.unknown": {
        "pt-BR": "Cliente não encontrado.",
        "en": "There is no such customer.",
    },
    "customer.exists": {
        "pt-BR": "Este cliente já está cadastrado com outros dados.",
        "en": "This customer is registered already, with other data.",
    },
    "customer.erased": {
        "pt-BR": "Os dados pessoais deste cliente foram apagados; ele não pode mais ser alterado.",
        "en": "This customer's personal data was erased; it can no longer be changed.",
    },
    "customer.contact-is-customer": {
        "pt-BR": "Este contato é o próprio cliente: apague o cliente.",
        "en": "This contact is the customer himself: erase the customer.",
    },
    "customer.cpf-invalid": {
        "pt-BR": "O CPF não é válido.",
        "en": "The CPF is not valid.",
    },
    "customer.cnpj-invalid": {
        "pt-BR": "O CNPJ {cnpj} não é válido.",
        "en": "The CNPJ {cnpj} is not valid.",
    },
    "customer.document-taken": {
        "pt-BR": "Já existe um cliente cadastrado com este documento.",
        "en": "Another customer is registered with this document.",
    },
    "customer.document-fixed": {
        "pt-BR": "O CPF ou CNPJ de um cliente não pode ser trocado.",
        "en": "A customer's CPF or CNPJ cannot be exchanged.",
    },
    "customer.name-missing": {
        "pt-BR": "Informe o nome da pessoa ou a razão social da empresa.",
        "en": "A person needs a name, a company a legal name.",
    },
    "customer.person-as-company": {
        "pt-BR": "Uma pessoa física não tem razão social nem CNPJ.",
        "en": "A person has neither a legal name nor a CNPJ.",
    },
    "customer.company-as-person": {
        "pt-BR": "Uma empresa não tem CPF.",
        "en": "A company has no CPF.",
    },
    "customer.email-invalid": {
        "pt-BR": "O e-mail não é válido.",
        "en": "The e-mail address is not valid.",
    },
    "customer.contact-without-name": {
        "pt-BR": "Informe o nome do contato.",
        "en": "The contact needs a name.",
    },
    "customer.contact-without-rights": {
        "pt-BR": "Escolha ao menos um direito para o contato: solicitações, financeiro ou aprovação.",
        "en": "Choose at least one right for the contact: requests, money or approval.",
    },
    "customer.site-without-name": {
        "pt-BR": "Informe o nome do local.",
        "en": "The site needs a name.",
    },
    "customer.state-unknown": {
        "pt-BR": "{state} não é a sigla de um estado.",
        "en": "{state} is not a Brazilian state.",
    },
    "customer.site-exists": {
        "pt-BR": "Este local já está cadastrado com outros dados.",
        "en": "This site is there already, with other data.",
    },
    "customer.site-unknown": {
        "pt-BR": "O cliente não tem este local.",
        "en": "The customer has no such site.",
    },
    "customer.equipment-without-description": {
        "pt-BR": "Descreva o equipamento.",
        "en": "The equipment needs a description.",
    },
    "customer.equipment-exists": {
        "pt-BR": "Este equipamento já está cadastrado com outros dados.",
        "en": "This equipment is there already, with other data.",
    },
    # catalogue
    "servicetype.unknown": {
        "pt-BR": "Tipo de serviço não encontrado.",
        "en": "There is no such service type.",
    },
    "servicetype.name-missing": {
        "pt-BR": "Informe o código e o nome do tipo de serviço.",
        "en": "A service type needs a code and a name.",
    },
    "servicetype.code-fixed": {
        "pt-BR": "O código de um tipo de serviço não muda.",
        "en": "A service type's code does not change.",
    },
    "servicetype.code-taken": {
        "pt-BR": "Já existe um tipo de serviço com este código.",
        "en": "Another service type has this code.",
    },
    # contracts: parties and terms
    "contract.unknown": {
        "pt-BR": "Contrato não encontrado.",
        "en": "There is no such contract.",
    },
    "contract.unknown-then": {
        "pt-BR": "Em {day:%d/%m/%Y} o contrato ainda não estava registrado.",
        "en": "On {day} the contract was not on record yet.",
    },
    "contract.exists": {
        "pt-BR": "Este contrato já existe e é diferente em: {where}.",
        "en": "This contract exists already and differs in: {where}.",
    },
    "contract.customer-unknown": {
        "pt-BR": "O cliente do contrato não está cadastrado.",
        "en": "The contract's customer is not registered.",
    },
    "contract.provider-unknown": {
        "pt-BR": "A empresa prestadora do contrato não está cadastrada.",
        "en": "The contract's provider company is not registered.",
    },
    "contract.provider-missing": {
        "pt-BR": "Diga qual das empresas presta o serviço (ou cadastre a primeira).",
        "en": "Say which provider company the contract is with (or register the first).",
    },
    "contract.service-type-unknown": {
        "pt-BR": "O tipo de serviço em {where} não está no catálogo.",
        "en": "The service type at {where} is not in the catalogue.",
    },
    "contract.service-type-retired": {
        "pt-BR": "O tipo de serviço em {where} foi retirado do catálogo.",
        "en": "The service type at {where} was retired from the catalogue.",
    },
    "contract.terms-invalid": {
        "pt-BR": "Os termos do contrato têm problemas.",
        "en": "The contract's terms have problems.",
    },
    "contract.not-draft": {
        "pt-BR": "O contrato não é mais um rascunho: depois de ativado, só muda por aditivo.",
        "en": "The contract is no longer a draft: once active, it changes only by addendum.",
    },
    "contract.suspended-otherwise": {
        "pt-BR": "O contrato já veio do outro sistema suspenso desde {on} ({reason}).",
        "en": "The contract came from the other system suspended since {on} ({reason}) already.",
    },
    "contract.moved-on": {
        "pt-BR": "Ao contrato já aconteceu outra coisa aqui ({on}): a suspensão do outro sistema não pode mais ser assumida.",
        "en": "Something else happened to the contract here already ({on}): the other system's suspension cannot be taken over.",
    },
    "contract.not-active": {
        "pt-BR": "O contrato não está ativo.",
        "en": "The contract is not active.",
    },
    "contract.empty": {
        "pt-BR": "O contrato não tem serviços nem itens de cobrança.",
        "en": "The contract has neither services nor charge lines.",
    },
    "contract.number-missing": {
        "pt-BR": "O contrato precisa de um número.",
        "en": "The contract needs a number.",
    },
    "contract.number-taken": {
        "pt-BR": "Já existe um contrato com o número {number}.",
        "en": "Another contract has the number {number}.",
    },
    # contracts: addenda, prices, renewal
    "contract.term-fixed": {
        "pt-BR": "Um aditivo não pode mudar {where}.",
        "en": "An addendum cannot change {where}.",
    },
    "contract.reason-missing": {
        "pt-BR": "Informe o motivo.",
        "en": "A reason is needed.",
    },
    "contract.effective-before-last": {
        "pt-BR": "O último aditivo vale desde {last:%d/%m/%Y}; um novo não pode valer antes.",
        "en": "The last addendum is in force from {last}; another cannot be in force before it.",
    },
    "contract.percent-out-of-range": {
        "pt-BR": "O reajuste deve ficar entre {low} % e {high} % e não ser zero.",
        "en": "An adjustment must lie between {low} % and {high} %, and not be zero.",
    },
    "contract.adjusted-too-soon": {
        "pt-BR": "O preço vale desde {last:%d/%m/%Y}; reajuste só a partir de {earliest:%d/%m/%Y} (Lei 10.192/2001).",
        "en": "The price is in force from {last}; it may be adjusted from {earliest} on (Lei 10.192/2001).",
    },
    "contract.adjusted-in-other-month": {
        "pt-BR": "O contrato prevê o reajuste pelo índice no mês {month}.",
        "en": "The contract provides for the adjustment by index in month {month}.",
    },
    "contract.adjusted-already": {
        "pt-BR": "Este reajuste já foi feito em {on:%d/%m/%Y}.",
        "en": "This adjustment was made already, on {on}.",
    },
    "contract.index-not-agreed": {
        "pt-BR": "O contrato não prevê reajuste por índice de preços.",
        "en": "The contract provides for no adjustment by an index of prices.",
    },
    "contract.index-incomplete": {
        "pt-BR": "Faltam valores do índice {index}: {missing}.",
        "en": "Values of the index {index} are missing: {missing}.",
    },
    "contract.index-not-positive": {
        "pt-BR": "O índice {index} acumulou {percent} % em 12 meses: os preços ficam como estão.",
        "en": "The index {index} accumulated {percent} % in 12 months: prices stay as they are.",
    },
    # indices
    "holiday.exists": {
        "pt-BR": "Este dia já está na tabela: {name}, {on}.",
        "en": "This day is in the table already: {name}, {on}.",
    },
    "holiday.unknown": {
        "pt-BR": "Dia sem expediente não encontrado.",
        "en": "There is no such closed day.",
    },
    "holiday.name-missing": {
        "pt-BR": "Informe o nome do dia.",
        "en": "The day needs a name.",
    },
    "holiday.scope-unknown": {
        "pt-BR": "{scope} não é um âmbito: informe company, state:UF, provider:id ou contract:id.",
        "en": "{scope} is no scope: say company, state:SP, provider:id or contract:id.",
    },
    "index.month-twice": {
        "pt-BR": "O mês {month:%m/%Y} está duas vezes, com valores diferentes.",
        "en": "The month {month:%m/%Y} stands twice, with different values.",
    },
    "index.value-out-of-range": {
        "pt-BR": "O valor {percent} % de {month:%m/%Y} não pode ser de um mês.",
        "en": "The value {percent} % of {month:%m/%Y} cannot be a month's.",
    },
    "index.empty": {
        "pt-BR": "Não há valores no arquivo.",
        "en": "There are no values in the file.",
    },
    "index.value-differs": {
        "pt-BR": "O mês {month:%m/%Y} já está registrado com {known} %, não {given} %. Se foi corrigido, diga que é correção.",
        "en": "The month {month:%m/%Y} is known with {known} %, not {given} %. If it was corrected, say that it is a correction.",
    },
    "contract.without-end": {
        "pt-BR": "O contrato não tem data final: não há o que renovar.",
        "en": "The contract has no end: there is nothing to renew.",
    },
    "contract.other-term": {
        "pt-BR": "O período atual do contrato termina em {ends_on:%d/%m/%Y}.",
        "en": "The contract's present term ends on {ends_on}.",
    },
    "contract.renewal-shortens": {
        "pt-BR": "A renovação não pode terminar antes de {ends_on:%d/%m/%Y}.",
        "en": "A renewal cannot end before {ends_on}.",
    },
    # contracts: suspension and the end
    "contract.suspension-not-agreed": {
        "pt-BR": "O contrato não prevê suspensão por falta de pagamento.",
        "en": "The contract does not provide for suspension for default of payment.",
    },
    "contract.already-notified": {
        "pt-BR": "O cliente já foi avisado de uma suspensão em {suspend_on:%d/%m/%Y}.",
        "en": "The customer was told of a suspension on {suspend_on} already.",
    },
    "contract.notice-too-short": {
        "pt-BR": "O contrato exige aviso de {notice_days} dias: suspensão só a partir de {earliest:%d/%m/%Y}.",
        "en": "The contract demands {notice_days} days' notice: suspension is possible from {earliest} on.",
    },
    "contract.notice-missing": {
        "pt-BR": "A suspensão por falta de pagamento exige aviso prévio ao cliente.",
        "en": "Suspension for default of payment needs notice to the customer first.",
    },
    "contract.notice-running": {
        "pt-BR": "O prazo do aviso corre até {suspend_on:%d/%m/%Y}.",
        "en": "The notice runs until {suspend_on}.",
    },
    "contract.day-in-future": {
        "pt-BR": "A data {on:%d/%m/%Y} está no futuro.",
        "en": "The day {on} lies in the future.",
    },
    "contract.day-before-last": {
        "pt-BR": "A data {on:%d/%m/%Y} é anterior à última mudança do contrato, em {last:%d/%m/%Y}.",
        "en": "The day {on} lies before the contract's last change, on {last}.",
    },
    "contract.day-after-end": {
        "pt-BR": "O contrato termina em {ends_on:%d/%m/%Y}.",
        "en": "The contract ends on {ends_on}.",
    },
    "contract.suspension-needs-approval": {
        "pt-BR": "Neste contrato a suspensão por falta de pagamento depende da aprovação de um gerente.",
        "en": "In this contract a manager must approve suspension for default of payment.",
    },
    "contract.leaving": {
        "pt-BR": "Já foi dado aviso: o contrato termina em {last_day:%d/%m/%Y}.",
        "en": "Notice was given already: the contract ends on {last_day}.",
    },
    "contract.leaves-too-soon": {
        "pt-BR": "O contrato exige aviso de {notice_days} dias: último dia em {earliest:%d/%m/%Y} ou depois.",
        "en": "The contract demands {notice_days} days' notice: the last day is {earliest} or later.",
    },
    "contract.unannounced": {
        "pt-BR": "Para terminar por aviso prévio, registre antes o aviso (de {notice_days} dias).",
        "en": "To end the contract by notice, the notice (of {notice_days} days) must be recorded first.",
    },
    "contract.party-missing": {
        "pt-BR": "Diga qual das partes rescinde por descumprimento da outra.",
        "en": "Say which side ends the contract because of the other's breach.",
    },
    "contract.regret-of-consumers": {
        "pt-BR": "Só o consumidor tem direito de arrependimento (CDC, art. 49).",
        "en": "Only consumers have the right of regret (CDC, art. 49).",
    },
    "contract.regret-over": {
        "pt-BR": "O prazo de {days} dias para arrependimento acabou em {until:%d/%m/%Y} (CDC, art. 49).",
        "en": "The {days} days for regret were over on {until} (CDC, art. 49).",
    },
    "contract.nothing-to-undo": {
        "pt-BR": "Não há o que desfazer: essa não foi a última mudança do contrato.",
        "en": "There is nothing to undo: that was not the contract's last change.",
    },
    "contract.still-in-force": {
        "pt-BR": "O contrato ainda está em vigor.",
        "en": "The contract is still in force.",
    },
    # charge lines
    "line.ends-before-start": {
        "pt-BR": "O item terminaria em {ends_on}, antes de começar em {starts_on}.",
        "en": "The line would end on {ends_on}, before it begins on {starts_on}.",
    },
    "line.renews-without-end": {
        "pt-BR": "Só pode ser renovado o que tem um fim.",
        "en": "Only what has an end can be renewed.",
    },
    "line.successor-overlaps": {
        "pt-BR": "O item que começa em {followed_on} precisa vir depois do fim deste, que então não se renova.",
        "en": "The line that begins on {followed_on} must follow this one's end, and this one is then not renewed.",
    },
    "line.billed-outside": {
        "pt-BR": "O item estaria cobrado até {billed_through}, fora do seu período.",
        "en": "The line would be billed through {billed_through}, outside its period.",
    },
    "line.next-bill-invalid": {
        "pt-BR": "A próxima cobrança não pode ser em {next_bill_on}: o período já foi cobrado ou ainda não começou.",
        "en": "The next bill cannot be on {next_bill_on}: that is billed already, or before the beginning.",
    },
    "line.billed-already": {
        "pt-BR": "O item já foi cobrado até {billed_through}.",
        "en": "The line has been billed through {billed_through}.",
    },
    "line.cancelled": {
        "pt-BR": "Este item foi cancelado.",
        "en": "This line was cancelled.",
    },
}

WORDS |= words_papers.WORDS
WORDS |= words_terms.WORDS
