"""The words of refusals about boletos, remittances and banks' files."""

from __future__ import annotations

WORDS = {
    "boleto.past-due": {
        "pt-BR": "O título {number} venceu em {due_on}: o banco não registra boleto vencido. O Pix continua valendo.",
        "en": "Receivable {number} was due on {due_on}: banks register no boleto that is past due. Pix still works.",
    },
    "boleto.exists": {
        "pt-BR": "O título {number} já tem um boleto em aberto.",
        "en": "Receivable {number} has a live boleto already.",
    },
    "boleto.bank-unknown": {
        "pt-BR": "Boletos são emitidos pelo Itaú (341); o banco cadastrado é {bank}.",
        "en": "Boletos are issued with Itaú (341); the registered bank is {bank}.",
    },
    "boleto.no-bank": {
        "pt-BR": "Cadastre agência, conta e carteira da empresa para emitir boletos.",
        "en": "Register the company's branch, account and wallet to issue boletos.",
    },
    "boleto.state": {
        "pt-BR": "O boleto está no estado {status}: espere a resposta do banco.",
        "en": "The boleto is in state {status}: wait for the bank's answer.",
    },
    "boleto.unknown": {"pt-BR": "Não há boleto {boleto_id}.", "en": "There is no boleto {boleto_id}."},
    "provider.unknown": {
        "pt-BR": "Não há empresa prestadora {provider_id}.",
        "en": "There is no provider company {provider_id}.",
    },
    "remittance.empty": {"pt-BR": "Não há boleto a remeter.", "en": "No boleto waits to be sent."},
    "remittance.unknown": {
        "pt-BR": "Não há remessa {remittance_id}.",
        "en": "There is no remittance {remittance_id}.",
    },
    "remittance.series-moved": {
        "pt-BR": "Outra remessa foi gerada ao mesmo tempo: tente de novo.",
        "en": "Another remittance was made at the same time: try again.",
    },
    "remittance.file-differs": {
        "pt-BR": "O cadastro mudou e o arquivo guardado da remessa {sequence} não está aqui: não é possível refazê-lo igual.",
        "en": "Data changed and the kept file of remittance {sequence} is not here: it cannot be made the same again.",
    },
    "remittance.field-too-long": {
        "pt-BR": "O valor {value} não cabe no campo do arquivo ({size} posições).",
        "en": "The value {value} does not fit into the file's field ({size} positions).",
    },
    "remittance.payer-document": {
        "pt-BR": "O pagador precisa de CPF ou CNPJ válido ({document}).",
        "en": "The payer needs a valid CPF or CNPJ ({document}).",
    },
    "bankfile.empty": {
        "pt-BR": "O arquivo ({kind}) não tem nenhum lançamento.",
        "en": "The file ({kind}) has no rows.",
    },
    "bankfile.not-ofx": {"pt-BR": "O arquivo não é OFX.", "en": "The file is not OFX."},
    "bankfile.not-cnab240": {
        "pt-BR": "O arquivo não é CNAB 240: cada linha precisa de 240 posições.",
        "en": "The file is not CNAB 240: each line needs 240 positions.",
    },
    "bankfile.not-a-return": {
        "pt-BR": "O arquivo é uma remessa, não um retorno do banco.",
        "en": "The file is a remittance, not a bank's return.",
    },
    "bankfile.columns-missing": {
        "pt-BR": "Não encontrei as colunas no arquivo: {columns}.",
        "en": "The columns are not in the file: {columns}.",
    },
    "bankfile.kind-unknown": {
        "pt-BR": "Formato desconhecido: {kind}. Use csv, ofx ou cnab240.",
        "en": "Unknown format: {kind}. Use csv, ofx or cnab240.",
    },
    "bankrow.unknown": {"pt-BR": "Não há lançamento {row_id}.", "en": "There is no bank row {row_id}."},
    "bankrow.not-open": {
        "pt-BR": "O lançamento já foi tratado ({status}). Desfaça antes de decidir de novo.",
        "en": "The row is dealt with ({status}). Undo it before deciding anew.",
    },
    "bankrow.parts-differ": {
        "pt-BR": "As partes somam {parts}, e o lançamento é de {amount}.",
        "en": "The parts add up to {parts}; the row is {amount}.",
    },
    "bankrow.reason-missing": {"pt-BR": "Diga o motivo.", "en": "Give the reason."},
    "bankrow.reversal-stays": {
        "pt-BR": "O lançamento estornou um pagamento. Se foi engano, registre o pagamento de novo.",
        "en": "The row took a payment back. If that was a mistake, record the payment again.",
    },
    "bankrow.money-out": {
        "pt-BR": "O lançamento é uma saída: só pode estornar um pagamento recebido ou ser ignorado.",
        "en": "Money went out: the row can only take back a payment or be ignored.",
    },
    "bankrow.payment-differs": {
        "pt-BR": "O pagamento é de {payment}, e a parte do lançamento é de {amount}.",
        "en": "The payment is {payment}; the row's part is {amount}.",
    },
    "bankrow.payment-reversed": {
        "pt-BR": "O pagamento {payment_id} já foi estornado.",
        "en": "Payment {payment_id} was reversed already.",
    },
    "bankrow.payment-taken": {
        "pt-BR": "O pagamento {payment_id} já é de outro lançamento do banco.",
        "en": "Payment {payment_id} belongs to another bank row already.",
    },
    "bankrow.part-without-target": {
        "pt-BR": "Diga o título, o contrato ou o pagamento de cada parte.",
        "en": "Name the receivable, contract or payment of each part.",
    },
}
