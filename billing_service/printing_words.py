"""The words of a receivable's document in Portuguese and English."""

from __future__ import annotations

WORDS = {
    "title": {"pt-BR": "Fatura de serviços", "en": "Service invoice"},
    "file": {"pt-BR": "fatura", "en": "invoice"},
    "customer": {"pt-BR": "Cliente", "en": "Customer"},
    "number": {"pt-BR": "Número", "en": "Number"},
    "contract": {"pt-BR": "Contrato", "en": "Contract"},
    "issued_on": {"pt-BR": "Emissão", "en": "Issued"},
    "due_on": {"pt-BR": "Vencimento", "en": "Due"},
    "payable_on": {"pt-BR": "Pagável sem encargos até", "en": "Payable without charges until"},
    "description": {"pt-BR": "Descrição", "en": "Description"},
    "quantity": {"pt-BR": "Qtd.", "en": "Qty"},
    "unit_price": {"pt-BR": "Unitário (R$)", "en": "Unit price (BRL)"},
    "amount": {"pt-BR": "Valor (R$)", "en": "Amount (BRL)"},
    "period": {"pt-BR": "Período de {since} a {until}", "en": "Period from {since} to {until}"},
    "gross": {"pt-BR": "Valor bruto", "en": "Gross"},
    "withheld": {"pt-BR": "Retenção na fonte: {tax} ({rate})", "en": "Withheld at source: {tax} ({rate})"},
    "net": {"pt-BR": "Valor líquido", "en": "Net"},
    "paid": {"pt-BR": "Já pago", "en": "Already paid"},
    "credited": {"pt-BR": "Créditos", "en": "Credits"},
    "fine": {"pt-BR": "Multa por atraso", "en": "Late fine"},
    "interest": {"pt-BR": "Juros de mora", "en": "Interest"},
    "correction": {"pt-BR": "Correção monetária", "en": "Monetary correction"},
    "payable": {"pt-BR": "A pagar em {on}", "en": "To pay on {on}"},
    "nothing_open": {"pt-BR": "A pagar", "en": "To pay"},
    "is_settled": {"pt-BR": "Quitada em {on}.", "en": "Settled on {on}."},
    "is_cancelled": {"pt-BR": "CANCELADA: nada é devido.", "en": "CANCELLED: nothing is owed."},
    "is_renegotiated": {
        "pt-BR": "Renegociada: o valor é cobrado nas parcelas.",
        "en": "Renegotiated: it is owed by its instalments.",
    },
    "is_written_off": {"pt-BR": "Baixada.", "en": "Written off."},
    "is_disputed": {
        "pt-BR": "Em contestação: sem encargos enquanto isso.",
        "en": "Disputed: no late charges meanwhile.",
    },
    "pix": {"pt-BR": "Pague com Pix", "en": "Pay by Pix"},
    "pix_hint": {
        "pt-BR": "Aponte a câmera do aplicativo do seu banco, ou use o código abaixo. Valor para pagamento em {on}: {amount}.",
        "en": "Scan it with your bank's app, or use the code below. Amount when paid on {on}: {amount}.",
    },
    "pix_copy": {"pt-BR": "Pix copia e cola", "en": "Pix copy and paste"},
    "page": {"pt-BR": "Página", "en": "Page"},
}
