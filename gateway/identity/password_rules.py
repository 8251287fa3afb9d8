"""Which passwords are taken: long ones (NIST SP 800-63B: length, no rules of composition), but none that guessers try first.

What everybody tries is refused without asking anybody outside: words that lead every list of breached passwords, here and
abroad, however they are dressed up; runs of the keyboard; and what is known of the user.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from services.errors import Invalid

SHORTEST, LONGEST = 10, 200
_DISTINCT = 4
_TRIED_FIRST = """
password passwd passphrase letmein welcome admin administrator root user login master superman batman dragon
monkey princess sunshine shadow football baseball iloveyou trustno starwars whatever michael jordan charlie
changeme default secret access test guest qwerty abc asdf zxcvbn google computer internet hello freedom
senha minhasenha novasenha senhasegura senhanova mudar mudarsenha trocar entrar acesso usuario administrador
gerente cliente empresa sistema portal brasil brazil flamengo corinthians palmeiras saopaulo santos vasco gremio
cruzeiro internacional botafogo fluminense deus jesus jesuscristo deusefiel amor teamo minhavida familia saudade
estrela princesa gatinha bonita lindo linda felicidade obrigado segredo mamae papai brasileiro vigencia
segunda terca quarta quinta sexta sabado domingo janeiro fevereiro marco abril maio junho julho agosto setembro
outubro novembro dezembro
"""
_COMMON = frozenset(_TRIED_FIRST.split())
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
WORDS = {
    "length": {
        "pt-BR": f"Use pelo menos {SHORTEST} caracteres.",
        "en": f"Use at least {SHORTEST} characters.",
    },
    "trivial": {
        "pt-BR": "Esta senha é uma das primeiras que alguém tentaria. Junte três ou quatro palavras sem relação.",
        "en": "This is one of the first passwords that somebody would try. Put three or four unrelated words together.",
    },
}


def check(password: str, about: Iterable[str] = ()) -> None:
    """Raises ``Invalid`` for one that is too short or trivial. ``about``: what is known of the user: his names, his login."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise _invalid("length")
    if is_trivial(password, about):
        raise _invalid("trivial")


def is_trivial(password: str, about: Iterable[str] = ()) -> bool:
    plain = _plain(password)
    if len(set(plain)) < _DISTINCT or _is_repeated(plain) or _is_run(plain):
        return True
    names = {_letters(part) for name in about for part in re.split(r"[\s@._-]+", name)} | {_letters(n) for n in about}
    known = _COMMON | {name for name in names if len(name) >= 3}
    dressed = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    return any(core in known or core == "" for core in (_letters(plain), _letters(dressed.translate(_LEET))))


def _plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def _letters(text: str) -> str:
    """What is left without digits and signs: of "Senha@2026!!" it is "senha"; once, if the same is said again."""
    left = re.sub(r"[^a-z]", "", _plain(text))
    again = re.fullmatch(r"(.{3,}?)\1+", left)
    return again[1] if again else left


def _is_repeated(plain: str) -> bool:
    return re.fullmatch(r"(.{1,5}?)\1+.{0,4}", plain) is not None


def _is_run(plain: str) -> bool:
    """Digits or keys in a row, forwards or backwards; with little else."""
    rest = plain
    for run in (each for forward in _RUNS for each in (forward, forward[::-1])):
        for size in range(len(run), 3, -1):
            for start in range(len(run) - size + 1):
                rest = rest.replace(run[start : start + size], "")
    return len(rest) <= max(2, len(plain) // 4)


def _invalid(code: str) -> Invalid:
    return Invalid(problems=[{"path": "password", "code": code, "message": WORDS[code]["en"], "words": WORDS[code]}])
