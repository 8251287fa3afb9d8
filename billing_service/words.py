"""What the rules of billing say to people when they refuse: Brazilian Portuguese first, and English."""

WORDS: dict[str, dict[str, str]] = {
    "account.not-open": {
        "pt-BR": "Este contrato ainda não tem conta de cobrança: ele precisa ser ativado antes.",
        "en": "This contract has no billing account yet: it must be activated first.",
    },
    "account.unknown": {
        "pt-BR": "Não há conta de cobrança {account_id}.",
        "en": "There is no billing account {account_id}.",
    },
    "account.no-day": {
        "pt-BR": "Falta o dia em que isto aconteceu.",
        "en": "The day on which this happened is missing.",
    },
    "account.month-invalid": {
        "pt-BR": "“{month}” não é um mês no formato AAAA-MM.",
        "en": "“{month}” is not a month in the form YYYY-MM.",
    },
    "charge.no-price": {
        "pt-BR": "A cobrança não tem preço: o contrato não prevê valor por uso para ela. Informe o preço unitário.",
        "en": "The charge has no price: the contract agrees on none per use. State the unit price.",
    },
    "charge.unknown": {
        "pt-BR": "Esta cobrança não está na agenda da conta.",
        "en": "This charge is not on the account's agenda.",
    },
    "charge.billed-already": {
        "pt-BR": "Esta cobrança já foi faturada: o que mudar agora muda no título.",
        "en": "This charge has been billed: what changes now changes on its receivable.",
    },
    "charge.no-reason": {
        "pt-BR": "Informe o motivo.",
        "en": "State the reason.",
    },
    "charge.due-in-the-past": {
        "pt-BR": "O vencimento {due_on} já passou.",
        "en": "The due day {due_on} is over.",
    },
    "withholding.tax-unknown": {
        "pt-BR": "“{tax}” não é um imposto conhecido ({known}).",
        "en": "“{tax}” is not a known tax ({known}).",
    },
    "withholding.rate-invalid": {
        "pt-BR": "A alíquota de {tax} não é possível: {percent}%.",
        "en": "The rate of {tax} is not possible: {percent}%.",
    },
    "withholding.rate-ends-before": {
        "pt-BR": "A alíquota de {tax} que vale desde {valid_from} termina antes de começar.",
        "en": "The rate of {tax} that is valid from {valid_from} ends before it begins.",
    },
    "receivable.unknown": {
        "pt-BR": "Não há título {receivable_id} nesta conta.",
        "en": "There is no receivable {receivable_id} in this account.",
    },
    "receivable.due-day-past": {
        "pt-BR": "O novo vencimento do título {number}, {due_on}, já passou.",
        "en": "The new due day of receivable {number}, {due_on}, is over.",
    },
    "receivable.not-open": {
        "pt-BR": "O título {number} já não está em aberto.",
        "en": "Receivable {number} is no longer open.",
    },
    "receivable.imported-differently": {
        "pt-BR": "O título {external_ref} já foi importado com outros dados.",
        "en": "Receivable {external_ref} was imported before with other data.",
    },
    "receivable.taken-over-differently": {
        "pt-BR": "O título {external_ref} já foi trazido do sistema anterior com outros dados: {where}.",
        "en": "Receivable {external_ref} was taken over before with other data: {where}.",
    },
    "receivable.is-history": {
        "pt-BR": "O título {external_ref} já está aqui como histórico importado.",
        "en": "Receivable {external_ref} is here already, as imported history.",
    },
    "receivable.left-invalid": {
        "pt-BR": "O saldo {left} deve ser maior que zero e no máximo o líquido, {net}. Multa e juros são calculados aqui.",
        "en": "What is left, {left}, must be more than zero and at most the net, {net}. Late charges are reckoned here.",
    },
    "receivable.withheld-invalid": {
        "pt-BR": "A retenção {withheld} não pode ser negativa e deve ser menor que o valor, {amount}.",
        "en": "What is withheld, {withheld}, cannot be negative and must be less than the amount, {amount}.",
    },
    "receivable.cents": {
        "pt-BR": "{amount} tem mais de duas casas decimais.",
        "en": "{amount} has more than two decimal places.",
    },
    "credit.taken-over-differently": {
        "pt-BR": "O crédito {external_ref} já foi trazido do sistema anterior com outros dados.",
        "en": "Credit {external_ref} was taken over before with other data.",
    },
    "receivable.amount-invalid": {
        "pt-BR": "O valor do título precisa ser maior que zero: {amount}.",
        "en": "The receivable's amount must be more than zero: {amount}.",
    },
    "receivable.due-before-issue": {
        "pt-BR": "O vencimento ({due_on}) é anterior à emissão ({issued_on}).",
        "en": "The due day ({due_on}) is before the issue ({issued_on}).",
    },
    "receivable.not-cancellable": {
        "pt-BR": "O título {number} já tem pagamento, crédito, baixa ou renegociação: credite-o em vez de cancelar.",
        "en": "Receivable {number} has a payment, credit, write-off or renegotiation: credit it instead of cancelling.",
    },
    "receivable.charges-unknown": {
        "pt-BR": "As cobranças podem voltar à agenda (return), voltar retidas (hold) ou ser descartadas (drop): {charges}.",
        "en": "Charges may go back to the agenda (return), back and held (hold), or be dropped (drop): {charges}.",
    },
    "receivable.disputed": {
        "pt-BR": "O título {number} está contestado: resolva a contestação antes.",
        "en": "Receivable {number} is contested: resolve that first.",
    },
    "renegotiation.sum-differs": {
        "pt-BR": "As parcelas somam {instalments}; a dívida, com os encargos de hoje, é de {owed}.",
        "en": "The instalments come to {instalments}; what is owed, with today's late charges, is {owed}.",
    },
    "renegotiation.due-in-the-past": {
        "pt-BR": "Nenhuma parcela pode vencer antes de {on}.",
        "en": "No instalment may be due before {on}.",
    },
    "pix.key-invalid": {
        "pt-BR": "O credor não tem chave Pix válida.",
        "en": "The creditor has no valid Pix key.",
    },
    "pix.no-creditor": {
        "pt-BR": "Não se sabe quem recebe por este contrato.",
        "en": "It is not known who is paid for this contract.",
    },
    "pix.amount-invalid": {
        "pt-BR": "Não há valor a pagar por Pix.",
        "en": "There is nothing to pay by Pix.",
    },
    "boleto.due-day-invalid": {
        "pt-BR": "O vencimento {due_on} não cabe em um boleto.",
        "en": "The due day {due_on} does not fit a boleto.",
    },
    "boleto.amount-invalid": {
        "pt-BR": "O valor {amount} não cabe em um boleto.",
        "en": "The amount {amount} does not fit a boleto.",
    },
    "boleto.number-invalid": {
        "pt-BR": "O nosso-número ou a conta do boleto não é válido: {number}.",
        "en": "The boleto's number or bank account is not valid: {number}.",
    },
    "payment.amount-invalid": {
        "pt-BR": "O valor do pagamento precisa ser maior que zero, em centavos: {amount}.",
        "en": "The payment's amount must be more than zero, in cents: {amount}.",
    },
    "payment.id-in-use": {
        "pt-BR": "Este pagamento já foi registrado com o valor de {amount}.",
        "en": "This payment is recorded already, with the amount {amount}.",
    },
    "payment.unknown": {
        "pt-BR": "Não há pagamento {payment_id} nesta conta.",
        "en": "There is no payment {payment_id} in this account.",
    },
    "payment.allocation-exceeds-balance": {
        "pt-BR": "O valor destinado ao título {number} precisa ser positivo e não pode passar do saldo de {balance}.",
        "en": "What is put on receivable {number} must be positive and at most its balance of {balance}.",
    },
    "payment.allocation-exceeds-amount": {
        "pt-BR": "Foram destinados {allocated}, mais do que os {amount} recebidos.",
        "en": "{allocated} were allocated, more than the {amount} received.",
    },
    "credit.amount-invalid": {
        "pt-BR": "O valor do crédito precisa ser maior que zero, em centavos: {amount}.",
        "en": "The credit's amount must be more than zero, in cents: {amount}.",
    },
    "credit.exceeds-receivable": {
        "pt-BR": "O crédito de {amount} passa do que ainda pode ser creditado neste título ({limit}).",
        "en": "A credit of {amount} exceeds what can still be credited of this receivable ({limit}).",
    },
    "credit.exceeds-charge": {
        "pt-BR": "O crédito de {amount} passa do que resta deste item ({limit}).",
        "en": "A credit of {amount} exceeds what is left of this item ({limit}).",
    },
    "credit.charge-unknown": {
        "pt-BR": "O item {charge_id} não é deste título.",
        "en": "Item {charge_id} is not one of this receivable.",
    },
    "dunning.run-before-last": {
        "pt-BR": "A régua de cobrança já rodou em {last}: não pode rodar com a data de {on}.",
        "en": "The dunning run of {last} was later: a run cannot be dated {on}.",
    },
    "run.unknown": {
        "pt-BR": "Não há faturamento {run_id}.",
        "en": "There is no billing run {run_id}.",
    },
    "run.month-or-day": {
        "pt-BR": "Diga o mês a faturar ou até que dia faturar: um dos dois.",
        "en": "State the month to bill, or the day through which to bill: one of them.",
    },
    "payment.credit-account-missing": {
        "pt-BR": "Sobram {left} depois de pagar tudo: diga em qual contrato fica o crédito (credit_to).",
        "en": "{left} is left when all is paid: state the contract that holds the credit (credit_to).",
    },
    "payment.account-unknown": {
        "pt-BR": "O contrato {account_id} não é deste cliente.",
        "en": "Contract {account_id} is not this customer's.",
    },
    "payment.receivable-not-open": {
        "pt-BR": "O título {receivable_id} não está em aberto nos contratos deste cliente.",
        "en": "Receivable {receivable_id} is not open in this customer's contracts.",
    },
    "charge.planned": {
        "pt-BR": "Esta cobrança vem do contrato: ela pode ser retida ou movida, não retirada.",
        "en": "This charge comes from the contract: it can be held or moved, not withdrawn.",
    },
    "charge.not-a-use": {
        "pt-BR": "Só a quantidade de um uso ou atendimento pode ser corrigida.",
        "en": "Only the quantity of a use or of work can be corrected.",
    },
    "credit.exceeds-credit": {
        "pt-BR": "A devolução de {amount} passa do crédito da conta ({limit}).",
        "en": "A refund of {amount} exceeds the account's credit ({limit}).",
    },
    "payment.refunded": {
        "pt-BR": "{amount} deste pagamento já foram devolvidos ao cliente: ele não pode ser estornado.",
        "en": "{amount} of this payment was given back to the customer: it cannot be reversed.",
    },
    "charge.quantity-invalid": {
        "pt-BR": "A quantidade {quantity} não pode ser negativa.",
        "en": "A quantity of {quantity} cannot be: it is negative.",
    },
}
